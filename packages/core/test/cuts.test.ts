import { describe, expect, test } from 'vitest'
import { createChunkReader } from '../src/chunk-reader.ts'
import { createFold } from '../src/fold.ts'
import { createStreamEvents } from '../src/stream-events.ts'
import type { StreamEvent } from '../src/stream-events.ts'
import { textOf, thoughtsOf, toolCallsOf } from '../src/thoughts.ts'
import type { ChatCompletionChunk } from '../src/wire/chunk.ts'
import type { ChatCompletion } from '../src/wire/completion.ts'
import { samples } from './samples.ts'
import type { Block, Sample } from './samples.ts'
import { bytesOf } from './wire.ts'

/** A block, and where in the bytes it is whole: before its line end, and where the standard says so. */
type Placed = { block: Block; lineEnd: number; wholeAt: number }

function place({ blocks, lineEnd }: Sample): { bytes: Uint8Array; placed: Placed[] } {
  let text = ''
  const placed = blocks.map((block) => {
    const isEvent = !('lines' in block)
    const lines = isEvent ? [`data: ${'done' in block ? '[DONE]' : JSON.stringify(block.chunk)}`] : block.lines
    const before = bytesOf(text + lines.join(lineEnd)).length
    text += lines.join(lineEnd) + lineEnd + (isEvent ? lineEnd : '')
    // One byte of the line end tells it: of the line's own, or of the blank line's.
    return { block, lineEnd: before, wholeAt: before + (isEvent ? lineEnd.length : 0) + 1 }
  })
  return { bytes: bytesOf(text), placed }
}

/** What is true of the first bytes of a stream, by its blocks alone. */
function truthOf(placed: Placed[], cut: number, isClean: boolean) {
  const chunks: ChatCompletionChunk[] = []
  const finished = new Map<number, boolean>()
  for (const { block, lineEnd, wholeAt } of placed) {
    // An error needs no end of its last line.
    if (cut < (isClean || 'lines' in block ? lineEnd : wholeAt)) break
    if ('lines' in block) {
      if (block.error) return { chunks, complete: false, code: 'upstream_error', status: block.error.status }
    } else if ('done' in block) {
      return { chunks, complete: true }
    } else {
      chunks.push(block.chunk)
      for (const { index = 0, finish_reason } of block.chunk.choices ?? []) {
        finished.set(index, finished.get(index) === true || !!finish_reason)
      }
    }
  }
  if (isClean && finished.size > 0 && ![...finished.values()].includes(false)) return { chunks, complete: true }
  return { chunks, complete: false, code: 'truncated', status: undefined }
}

function readCut({ marker }: Sample, bytes: Uint8Array, isClean: boolean) {
  const reader = createChunkReader()
  const fold = createFold({ thoughtTagMarker: marker })
  const events = createStreamEvents(fold, marker)
  const told: StreamEvent[] = []
  const chunks = reader.push(bytes)
  const end = reader.end(isClean ? undefined : new Error('reset'))
  if (end.last) chunks.push(end.last)
  for (const chunk of chunks) {
    fold.add(chunk)
    told.push(...events.push(chunk))
  }
  if (end.complete) told.push(...events.end())
  return { chunks, end, told, fold }
}

function toldOf(told: StreamEvent[], type: 'text' | 'thought', choice: number): string {
  return told.map((event) => (event.type === type && event.choice === choice ? event.text : '')).join('')
}

/** Everything of a completion that grows, as text by its place: the content with its tags, and the calls. */
function growing({ choices }: ChatCompletion): [place: string, text: string][] {
  return choices.flatMap(({ index, message }): [string, string][] => {
    const { content, reasoning_content, audio } = message ?? {}
    const text = Array.isArray(content) ? content.map((part) => (part as { text: string }).text).join('') : content
    const calls = message ? toolCallsOf(message) : []
    return [
      [`${index} content`, text ?? ''],
      [`${index} reasoning`, reasoning_content ?? ''],
      [`${index} audio`, audio?.data ?? ''],
      ...calls.map(({ id, function: called }): [string, string] => [`${index} ${id} ${called.name}`, called.arguments]),
    ]
  })
}

/** A matcher for each of these would take minutes. */
function check(condition: boolean, what: string, where: object): void {
  if (!condition) expect.fail(`${what}: ${JSON.stringify(where)}`)
}

describe.each(samples.map((sample) => [sample.name, sample] as const))('%s', (_, sample) => {
  const { bytes, placed } = place(sample)

  test('whole', () => {
    const { end, told, fold } = readCut(sample, bytes, true)
    const completion = fold.completion()
    const message = completion.choices[0]?.message
    expect(end.complete).toBe(placed.some(({ block }) => 'done' in block))
    if (!message) throw new Error('no message')
    expect(completion.choices.map((choice) => textOf(choice.message ?? message))).toEqual(sample.text)
    expect(thoughtsOf(message)).toBe(sample.thoughts?.[0] ?? '')
    if ('content' in sample) expect(message.content).toEqual(sample.content)
    const calls = toolCallsOf(message).map(({ id, function: { name, arguments: args }, extra_content }) => {
      const signature = extra_content?.google?.thought_signature
      return { id, name, arguments: args, ...(signature !== undefined && { signature }) }
    })
    expect(calls).toEqual(sample.calls ?? [])
    if (end.complete) expect(sample.text.map((_text, at) => toldOf(told, 'text', at))).toEqual(sample.text)
    if (end.complete) expect(toldOf(told, 'thought', 0)).toBe(sample.thoughts?.[0] ?? '')
  })

  test('cut at every byte, with a clean and an unclean end', () => {
    const whole = createFold({ thoughtTagMarker: sample.marker })
    for (const { block } of placed) if ('chunk' in block) whole.add(block.chunk)
    const wholeGrown = new Map(growing(whole.completion()))
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      for (const isClean of [true, false]) {
        const where = { cut, isClean }
        const truth = truthOf(placed, cut, isClean)
        const { chunks, end, told, fold } = readCut(sample, bytes.subarray(0, cut), isClean)
        check(end.complete === truth.complete, 'complete', { ...where, found: end, truth })
        check(end.error?.code === truth.code, 'code', { ...where, found: end.error?.code, truth })
        check(end.error?.status === truth.status, 'status', { ...where, found: end.error?.status, truth })
        check(JSON.stringify(chunks) === JSON.stringify(truth.chunks), 'chunks', { ...where, chunks, truth })
        for (const [choice, text] of sample.text.entries()) {
          const thoughts = sample.thoughts?.[choice] ?? ''
          check(text.startsWith(toldOf(told, 'text', choice)), 'text', { ...where, choice, told })
          check(thoughts.startsWith(toldOf(told, 'thought', choice)), 'thoughts', { ...where, choice, told })
        }
        const completion = fold.completion()
        const grown = growing(completion)
        const isConsistent = grown.every(([at, text]) => wholeGrown.get(at)?.startsWith(text))
        check(isConsistent, 'fold', { ...where, grown, whole: [...wholeGrown] })
        const json = JSON.stringify(completion)
        check(JSON.stringify(fold.completion()) === json, 'the fold, taken twice', where)
        check(JSON.stringify(JSON.parse(json)) === json, 'plain JSON', where)
      }
    }
  })
})

test('there are 20,000 cuts and more', () => {
  const cuts = samples.reduce((sum, sample) => sum + 2 * (place(sample).bytes.length + 1), 0)
  expect(cuts).toBeGreaterThan(20_000)
})
