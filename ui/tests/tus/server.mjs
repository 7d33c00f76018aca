// A real picup-server with a directory of its own, and a member who is signed in.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/picup/target')
  const candidates = [process.env.PICUP_SERVER_BIN, join(target, 'debug/picup-server'), join(target, 'release/picup-server')]
  const found = candidates.find((path) => path && existsSync(path))
  if (!found) throw new Error('no picup-server: build it with cargo build -p picup-server, or set PICUP_SERVER_BIN')
  return found
}

export class Server {
  static async start(environment = {}) {
    const server = new Server()
    server.directory = await mkdtemp(join(tmpdir(), 'picup-tus-'))
    server.environment = environment
    server.listen = '127.0.0.1:0'
    server.admin = '127.0.0.1:0'
    await server.run()
    return server
  }

  get port() {
    return Number(this.listen.split(':')[1])
  }

  get url() {
    return `http://${this.listen}`
  }

  async run() {
    const data = join(this.directory, 'data')
    const args = ['serve', '--data-dir', data, '--listen', this.listen, '--admin-listen', this.admin]
    this.log = ''
    this.process = spawn(binary(), args, { env: { ...process.env, ...this.environment }, stdio: ['ignore', 'pipe', 'pipe'] })
    this.process.stderr.on('data', (text) => (this.log += text))
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    this.ended = ended
    const lines = createInterface({ input: this.process.stdout })
    const ready = await Promise.race([
      new Promise((resolve) => lines.once('line', (line) => resolve(JSON.parse(line)))),
      ended.then(() => {
        throw new Error(`the server did not start:\n${this.log}`)
      }),
    ])
    this.listen = ready.listen
    this.admin = ready.admin_listen
  }

  /** kill -9, and the same server again. */
  async restart() {
    this.process.kill('SIGKILL')
    await this.ended
    await this.run()
  }

  async stop() {
    this.process.kill('SIGKILL')
    await this.ended
    await rm(this.directory, { recursive: true, force: true })
  }

  async member() {
    const response = await fetch(`${this.url}/v1/auth/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email: `${crypto.randomUUID()}@example.org`,
        password: 'a long enough passphrase',
        display_name: 'Kim',
        family_name: 'Home',
        locale: 'ko',
        client: 'app',
      }),
    })
    if (response.status !== 201) throw new Error(`sign-up: ${response.status} ${await response.text()}`)
    const token = (await response.json()).access_token
    const member = new Member(this, token)
    member.family = (await member.get('/v1/me')).families[0].id
    return member
  }
}

export class Member {
  constructor(server, token) {
    this.server = server
    this.headers = { authorization: `Bearer ${token}` }
  }

  async get(path) {
    const response = await fetch(this.server.url + path, { headers: this.headers })
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }

  /** The bytes of a photo's original. */
  async original(id) {
    const photo = await this.get(`/v1/photos/${id}`)
    const response = await fetch(this.server.url + photo.renditions.original.url)
    if (!response.ok) throw new Error(`original: ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  }
}
