/**
 * Reads a stream slowly, for some seconds, in a process of its own, and says between what its resident memory was.
 *
 * Usage: `node --expose-gc slow-child.ts <base URL>`
 */
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@geminate/client'
import { managed } from '@geminate/transport-managed'

/** Milliseconds between two reads; each fiftieth is longer than the idle limit, which must not take that for silence. */
const EVERY_MS = 2
const LONG_MS = 150
const IDLE_MS = 100
/** Until what is filled once is full, and what was freed once has gone back to the system. */
const WARM_UP = 150
const READS = 450
const EACH = 10

const [baseUrl = ''] = process.argv.slice(2)
const { completions } = createClient(managed({ baseUrl, auth: 'memory', idleTimeoutMs: IDLE_MS })).chat
const stream = await completions.stream({ model: 'google/m', messages: [{ role: 'user', content: 'Hello' }] })
const sizes: number[] = []
let length = 0
let reads = 0
for await (const { padding } of stream) {
  length += String(padding).length
  reads += 1
  if (reads % EACH === 0) {
    globalThis.gc?.()
    if (reads > WARM_UP) sizes.push(process.memoryUsage.rss())
  }
  if (reads === WARM_UP + READS) break
  await pause(reads % 50 === 0 ? LONG_MS : EVERY_MS)
}
console.log(JSON.stringify({ length, sizes }))
process.exit()
