import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

/** Listens, and then sleeps: what its backlog does not hold is never connected. */
const LISTENER = `
const { createServer } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')
const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  Atomics.wait(new Int32Array(workerData), 0, 0)
})`

/** A port of the loopback address that takes no more connections and refuses none. */
export async function createFullBacklog(): Promise<{ port: number; close: () => Promise<void> }> {
  const gate = new SharedArrayBuffer(4)
  const worker = new Worker(LISTENER, { eval: true, workerData: gate })
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  const fillers = await Promise.all([fill(port), fill(port)])
  return {
    port,
    async close() {
      for (const filler of fillers) filler.destroy()
      Atomics.notify(new Int32Array(gate), 0)
      await worker.terminate()
    },
  }
}

function fill(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(socket)).once('error', reject)
  })
}
