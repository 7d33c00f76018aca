// The upload protocol against an independent client: tus-js-client, over lines that are cut.

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { FileUrlStorage, Upload } from 'tus-js-client'
import { CuttingProxy } from './proxy.mjs'
import { Server } from './server.mjs'

const fixture = new URL('../../../crates/testkit/fixtures/landscape_1.jpg', import.meta.url)
let server, member, picture

before(async () => {
  server = await Server.start()
  member = await server.member()
  picture = await readFile(fixture)
})

after(() => server.stop())

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** A real picture with a tail nobody has seen before, so that no two tests share bytes. */
function newPicture(size = 3 << 20) {
  return Buffer.concat([picture, randomBytes(size - picture.length)])
}

/** Runs an upload to its end; the headers of its last answer. */
function send(bytes, options = {}) {
  return new Promise((resolve, reject) => {
    let last
    const upload = new Upload(bytes, {
      endpoint: `${server.url}/v1/uploads`,
      headers: member.headers,
      retryDelays: Array(40).fill(50),
      metadata: { filename: '바다.jpg', filetype: 'image/jpeg', sha256: sha256(bytes), family: member.family },
      onError: reject,
      onSuccess: () => resolve({ id: last.getHeader('Picup-Photo-Id'), duplicate: last.getHeader('Picup-Duplicate'), upload }),
      ...options,
      onAfterResponse: (request, response) => {
        if (['PATCH', 'POST'].includes(request.getMethod())) last = response
        options.onAfterResponse?.(request, response)
      },
    })
    options.prepare?.(upload)
    upload.start()
  })
}

test('a picture arrives whole, and again is the same photo', async () => {
  const bytes = newPicture()
  const first = await send(bytes)
  assert.equal(first.duplicate, 'false')
  assert.deepEqual(await member.original(first.id), bytes)
  const again = await send(bytes)
  assert.deepEqual([again.id, again.duplicate], [first.id, 'true'])
})

test('small pieces make the same picture', async () => {
  const bytes = newPicture(1 << 20)
  const { id } = await send(bytes, { chunkSize: 100_000 })
  assert.deepEqual(await member.original(id), bytes)
})

test('bytes may come with the creation', async () => {
  const bytes = newPicture(1 << 20)
  const { id } = await send(bytes, { uploadDataDuringCreation: true })
  assert.deepEqual(await member.original(id), bytes)
})

test('a line that is cut every 400 kB only costs time', async () => {
  const proxy = await CuttingProxy.start(server.port)
  try {
    proxy.cutAfter = 400_000
    const bytes = newPicture()
    const { id } = await send(bytes, { endpoint: `${proxy.url}/v1/uploads` })
    assert.deepEqual(await member.original(id), bytes)
    assert.ok(proxy.cuts >= 3, `cut ${proxy.cuts} times`)
  } finally {
    await proxy.stop()
  }
})

test('an upload goes on after the server was killed, from where it was', async () => {
  const bytes = newPicture()
  const half = bytes.length / 2
  let restarted
  const offsets = []
  const { id } = await send(bytes, {
    chunkSize: 256 << 10,
    onProgress: (sent) => {
      if (sent > half) restarted ??= server.restart()
    },
    onAfterResponse: (request, response) => {
      if (request.getMethod() === 'HEAD') offsets.push(Number(response.getHeader('Upload-Offset')))
    },
    retryDelays: Array(100).fill(100),
  })
  await restarted
  assert.ok(offsets.length > 0 && offsets[0] > 0, `resumed at ${offsets}`)
  assert.deepEqual(await member.original(id), bytes)
})

test('a program that was started again finds its upload and finishes it', async () => {
  const bytes = newPicture()
  const storage = new FileUrlStorage(join(server.directory, 'uploads.json'))
  const fingerprint = async () => sha256(bytes)
  const kept = { urlStorage: storage, fingerprint, chunkSize: 256 << 10 }
  await new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `${server.url}/v1/uploads`,
      headers: member.headers,
      metadata: { filename: 'a.jpg', filetype: 'image/jpeg', sha256: sha256(bytes), family: member.family },
      onError: reject,
      onChunkComplete: (_, sent) => {
        if (sent > bytes.length / 2) upload.abort().then(resolve, reject)
      },
      ...kept,
    })
    upload.start()
  })
  const [previous] = await storage.findUploadsByFingerprint(await fingerprint())
  assert.ok(previous, 'nothing was remembered')
  let began
  const { id } = await send(bytes, {
    ...kept,
    prepare: (upload) => upload.resumeFromPreviousUpload(previous),
    onProgress: (sent) => (began ??= sent),
  })
  assert.ok(began >= bytes.length / 2, `began at ${began}`)
  assert.deepEqual(await member.original(id), bytes)
})

for (const algorithm of ['sha256', 'sha1']) {
  test(`a right ${algorithm} checksum is taken and a wrong one refused with 460`, async () => {
    const bytes = newPicture(1 << 20)
    const checksum = (of) => `${algorithm} ${createHash(algorithm).update(of).digest('base64')}`
    const sendWith = (value) =>
      send(bytes, {
        retryDelays: null,
        onBeforeRequest: (request) => {
          if (request.getMethod() === 'PATCH') request.setHeader('Upload-Checksum', value)
        },
      })
    await assert.rejects(sendWith(checksum('other bytes')), (error) => error.originalResponse?.getStatus() === 460)
    const { id } = await sendWith(checksum(bytes))
    assert.deepEqual(await member.original(id), bytes)
  })
}

test('bytes that are not the promised ones become no photo', async () => {
  const bytes = newPicture(1 << 20)
  const metadata = { filename: 'a.jpg', filetype: 'image/jpeg', sha256: sha256('other'), family: member.family }
  await assert.rejects(send(bytes, { metadata, retryDelays: null }), (error) => {
    assert.equal(error.originalResponse.getStatus(), 460)
    return JSON.parse(error.originalResponse.getBody()).code === 'upload_digest_mismatch'
  })
})

test('an upload that was given up is gone', async () => {
  const bytes = newPicture()
  const url = await new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `${server.url}/v1/uploads`,
      headers: member.headers,
      metadata: { filename: 'a.jpg', filetype: 'image/jpeg', sha256: sha256(bytes), family: member.family },
      chunkSize: 256 << 10,
      onError: reject,
      onChunkComplete: () => upload.abort(true).then(() => resolve(upload.url), reject),
    })
    upload.start()
  })
  const response = await fetch(new URL(url, server.url), { method: 'HEAD', headers: { ...member.headers, 'tus-resumable': '1.0.0' } })
  assert.ok([404, 410].includes(response.status), `${response.status}`)
})

test('the protocol says what it can do', async () => {
  const response = await fetch(`${server.url}/v1/uploads`, { method: 'OPTIONS' })
  assert.ok(response.ok, `${response.status}`)
  assert.equal(response.headers.get('tus-version'), '1.0.0')
  const extensions = response.headers.get('tus-extension').split(',')
  for (const extension of ['creation', 'creation-with-upload', 'expiration', 'checksum', 'termination']) {
    assert.ok(extensions.includes(extension), extension)
  }
  assert.deepEqual(response.headers.get('tus-checksum-algorithm').split(',').sort(), ['sha1', 'sha256'])
})
