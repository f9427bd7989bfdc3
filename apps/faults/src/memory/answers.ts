import { createGzip } from 'node:zlib'
import { LAST_CHUNK, chunked, httpHead, sseEvent } from '@geminate/emulator/faults'
import type { ByteScript } from '@geminate/emulator/faults'

const MIB = 1024 * 1024
const EVENTS = { 'content-type': 'text/event-stream' }
const JSON_TYPE = { 'content-type': 'application/json' }

/** An answer as large as `scale` says: 1 is full size. */
export type Answer = (scale: number) => ByteScript

function event(delta: object, finish?: string): string {
  return sseEvent({ choices: [{ index: 0, delta, ...(finish && { finish_reason: finish }) }] })
}

function times(count: number, scale: number): number {
  return Math.ceil(count * scale)
}

const end = chunked(event({}, 'stop') + sseEvent('[DONE]')) + LAST_CHUNK

/** One line of 256 MiB, behind `before`. */
export function line(before = ''): Answer {
  const piece = chunked(new Uint8Array(MIB).fill(120))
  return (scale) => [
    { write: httpHead({ headers: EVENTS }) + chunked(`${before}data: `) },
    { write: piece, times: times(256, scale) },
    { write: end },
  ]
}

/** A million events of one letter. */
export function smallEvents(): Answer {
  const thousand = chunked(event({ content: 'a' }).repeat(1000))
  return (scale) => [
    { write: httpHead({ headers: EVENTS }) },
    { write: thousand, times: times(1000, scale) },
    { write: end },
  ]
}

/** Events of 16 KiB, of which a fold keeps one letter each, for as long as somebody reads them. */
export function endless(): Answer {
  const choices = [{ index: 0, delta: { content: 'a' } }]
  const write = chunked(sseEvent({ choices, padding: 'x'.repeat(16 * 1024) }))
  return () => [{ write: httpHead({ headers: EVENTS }) }, { write, times: 1_000_000 }]
}

/** One call whose arguments come in 65,536 pieces. */
export function fragments(): Answer {
  const piece = (text: string, more: object = {}): string =>
    event({ tool_calls: [{ index: 0, ...more, function: { ...more, arguments: text } }] })
  const some = chunked(piece('1,').repeat(1024))
  return (scale) => [
    { write: httpHead({ headers: EVENTS }) + chunked(piece('[', { id: 'c', type: 'function', name: 'f' })) },
    { write: some, times: times(64, scale) },
    { write: chunked(piece('1]')) },
    { write: end },
  ]
}

/** What inflates to 256 MiB of one letter, behind `before`. */
export async function bomb(before: string): Promise<Answer> {
  const bytes = await deflated(before, 256)
  const little = await deflated(before, 0)
  return (scale) => {
    const write = scale === 1 ? bytes : little
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' }
    return [{ write: httpHead({ headers, framing: { length: write.length } }) }, { write }]
  }
}

async function deflated(before: string, mebibytes: number): Promise<Uint8Array> {
  const gzip = createGzip({ level: 9 })
  const parts: Uint8Array[] = []
  const read = (async () => {
    for await (const part of gzip) parts.push(part as Uint8Array)
  })()
  gzip.write(before)
  for (let at = 0; at < mebibytes; at += 1) gzip.write(Buffer.alloc(MIB, 'x'))
  gzip.end()
  await read
  return Buffer.concat(parts)
}

/** A body of so many mebibytes, in the place of JSON. */
export function body(status: number, mebibytes: number): Answer {
  const write = new Uint8Array(MIB).fill(120)
  return (scale) => {
    const count = times(mebibytes, scale)
    const head = httpHead({ status, headers: JSON_TYPE, framing: { length: count * MIB + 1 } })
    return [{ write: `${head}{` }, { write, times: count }]
  }
}
