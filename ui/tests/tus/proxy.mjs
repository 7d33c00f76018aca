// A TCP proxy that resets each connection after so many bytes went up.

import { createServer, connect } from 'node:net'

export class CuttingProxy {
  static async start(target) {
    const proxy = new CuttingProxy()
    proxy.target = target
    proxy.cutAfter = Infinity
    proxy.connections = 0
    proxy.cuts = 0
    proxy.sockets = new Set()
    proxy.listener = createServer((socket) => proxy.relay(socket))
    await new Promise((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve))
    proxy.url = `http://127.0.0.1:${proxy.listener.address().port}`
    return proxy
  }

  relay(client) {
    this.connections += 1
    const server = connect(this.target, '127.0.0.1')
    let sent = 0
    const end = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        this.sockets.delete(socket)
        end()
      })
    }
    client.on('data', (bytes) => {
      sent += bytes.length
      if (sent > this.cutAfter) {
        this.cuts += 1
        client.resetAndDestroy()
        server.resetAndDestroy()
      } else if (!server.write(bytes)) {
        client.pause()
        server.once('drain', () => client.resume())
      }
    })
    server.on('data', (bytes) => client.write(bytes))
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.listener.close(resolve))
  }
}
