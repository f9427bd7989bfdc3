/**
 * Reads a line of 256 MiB, without holding it, in a process of its own, and goes on where reading has ended: says after
 * how many bytes it had, with what, and by how many bytes the resident memory of the process has grown at most. It is
 * looked at after each MiB: the peak that the system tells may be that of the parent. `held` is the heap at the end.
 *
 * Usage: `node --expose-gc memory-child.ts [maxEventBytes] [bytes of a read, 8 Mi reads at most]`
 */
import { createChunkReader } from '../src/chunk-reader.ts'

const MIB = 1024 * 1024
const limit = process.argv[2]
const read = new Uint8Array(Number(process.argv[3] ?? MIB)).fill(120)
const reads = Math.min(8 * MIB, (256 * MIB) / read.length)
// Once on a small scale, so that what is loaded or compiled once is not counted.
readLine(1024)
globalThis.gc?.()
const before = process.memoryUsage.rss()
const { peak, ...found } = readLine(limit === undefined ? undefined : Number(limit))
console.log(JSON.stringify({ ...found, growth: peak - before }))

function readLine(maxEventBytes: number | undefined) {
  const reader = createChunkReader({ maxEventBytes })
  reader.push(new TextEncoder().encode('data: '))
  let bytes = 6
  let peak = 0
  for (let at = 0; at < reads; at += 1) {
    if (!reader.ended) bytes += read.length
    reader.push(read)
    if (at % Math.ceil(MIB / read.length) === 0) peak = Math.max(peak, process.memoryUsage.rss())
  }
  globalThis.gc?.()
  const held = process.memoryUsage().heapUsed
  const { code, reason } = reader.end().error ?? {}
  return { bytes, peak, held, code, reason }
}
