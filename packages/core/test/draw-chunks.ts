import type { ChatCompletionChunk, Delta, ToolCallDelta } from '../src/wire/chunk.ts'
import type { Draw } from './draw.ts'

const flag = { google: { thought: true } }
const words = [
  'a',
  'Hello ',
  '\n',
  '<think>',
  '</think>',
  '<',
  '/thought>',
  '😀',
  '\uD83D',
  '\uDE00',
  '  ',
  '{"x":1}',
  '__proto__',
]
const finishes = ['stop', 'length', 'tool_calls', 'content_filter: X', null, null]
const odd = [null, 0, 'x', true, ['p'], ['q', 'r'], { deep: { er: 1 } }, { deep: 2 }, []]
const oddNames = ['odd', 'odder', 'toString', 'constructor']
const pieces = ['', '{', '"a":', '1', '}', '{}', '\n', '"', '[[', '\uD83D']

/** How the calls of a choice come. */
type Style = 'id on each fragment' | 'id on the first' | 'whole' | 'whole, index 0' | 'whole, no id'
const styles: Style[] = ['whole', 'id on each fragment', 'id on the first', 'whole, index 0', 'whole, no id']

type Stream = {
  style: Style
  calls: number
  signatures: number
}

/** Chunks of a stream as servers send them: calls that are well-behaved in one of the styles, and anything besides. */
export function drawChunks(draw: Draw): ChatCompletionChunk[] {
  const streams = [0, 1, 2].map((): Stream => ({
    style: draw.one(styles),
    calls: 0,
    signatures: 0,
  }))
  const chunks: ChatCompletionChunk[] = []
  while (!draw.isOver) chunks.push(drawChunk(draw, streams))
  return chunks
}

function drawChunk(draw: Draw, streams: Stream[]): ChatCompletionChunk {
  const kind = draw.below(16)
  if (kind === 15) return { choices: [], usage: { total_tokens: draw.below(99) } }
  const chunk: ChatCompletionChunk = { id: draw.one(['r', 'r', 's']), object: 'chat.completion.chunk', choices: [] }
  if (kind > 11) chunk[draw.one(oddNames)] = draw.one(odd)
  if (kind === 11) chunk.usage = draw.one([null, { total_tokens: 3, extra_properties: { a: [1] } }])
  for (let at = 0; at < (kind === 10 ? 2 : 1); at += 1) {
    const index = draw.one([0, 0, 0, 0, 1, 2])
    const stream = streams[index] as Stream
    const choice = { ...(index !== at || draw.below(2) > 0 ? { index } : {}), delta: drawDelta(draw, stream) }
    const finish = draw.below(8) === 7 ? { finish_reason: draw.one(finishes) } : {}
    const extra = draw.below(16) === 15 ? { [draw.one(oddNames)]: draw.one(odd) } : {}
    const logprobs =
      draw.below(16) === 15 ? { logprobs: draw.one([null, { content: [1] }, { content: [2], refusal: null }]) } : {}
    chunk.choices?.push({ ...choice, ...finish, ...extra, ...logprobs } as never)
  }
  return chunk
}

function drawDelta(draw: Draw, stream: Stream): Delta {
  const role = draw.below(4) > 0 ? { role: 'assistant' } : {}
  const kind = draw.below(16)
  if (kind < 6) return { ...role, ...drawText(draw, stream) }
  if (kind < 10) return { ...role, ...drawCalls(draw, stream) }
  if (kind === 10) return { ...role, ...drawLateSignature(draw, stream) }
  if (kind === 11) return { ...role, refusal: draw.one(words) }
  if (kind === 12) return { ...role, [draw.one(['reasoning', 'reasoning_content'])]: draw.one([...words, null]) }
  if (kind === 13)
    return { ...role, audio: draw.one([{ data: 'AA', id: 'x' }, { data: 'BB', transcript: 'hm' }, null]) }
  if (kind === 14) return { ...role, [draw.one(oddNames)]: draw.one(odd) }
  return {
    ...role,
    content: draw.one(['', null]),
    function_call: draw.one([{ name: 'f', arguments: '{' }, { arguments: '}' }]),
  }
}

function drawText(draw: Draw, stream: Stream): Delta {
  const content = draw.one(words)
  if (draw.below(16) === 15) {
    const parts = [drawText(draw, stream), drawText(draw, stream)].map(({ content: text, extra_content }) => ({
      type: 'text',
      text: String(text),
      ...(extra_content && { extra_content }),
    }))
    return { content: parts as never, ...(draw.below(2) > 0 && { extra_content: flag }) }
  }
  const extra = draw.below(8)
  if (extra === 7) return { content, ...drawSignature(stream) }
  if (extra > 4) return { content, extra_content: flag }
  return extra === 4 ? { content, extra_content: null } : { content }
}

/** On an empty delta, whatever it stands behind; at times the one that came before. */
function drawLateSignature(draw: Draw, stream: Stream): Delta {
  return { content: draw.one(['', null]), ...drawSignature(stream, draw.below(3)) }
}

function drawSignature(stream: Stream, isNew = 1) {
  if (isNew > 0) stream.signatures += 1
  return { extra_content: { google: { thought_signature: `s${stream.signatures}` } } }
}

function drawCalls(draw: Draw, stream: Stream): Delta {
  const { style } = stream
  const isSplit = style === 'id on each fragment' || style === 'id on the first'
  const isNew = stream.calls === 0 || !isSplit || draw.below(3) === 0
  if (isNew && stream.calls < 100) stream.calls += 1
  const at = isNew ? stream.calls - 1 : draw.below(stream.calls)
  const tool_calls = [drawCall(draw, stream, at, isNew)]
  if (isNew && !isSplit && draw.below(4) === 3) tool_calls.push(drawCall(draw, stream, stream.calls++, true))
  return { tool_calls }
}

function drawCall(draw: Draw, { style }: Stream, at: number, isNew: boolean): ToolCallDelta {
  const id = `id-${at}`
  const name = draw.one(['f', 'g', 'toString'])
  const piece = draw.one(pieces)
  const extra = isNew && draw.below(4) === 3 ? { extra_content: { google: { thought_signature: `call-${at}` } } } : {}
  const more = draw.below(12) === 11 ? { [draw.one(oddNames)]: draw.one(odd) } : {}
  const rest = { type: 'function', ...extra, ...more }
  switch (style) {
    case 'id on each fragment':
      // The index flips, and arguments begin once: what looks like a second beginning is another matter.
      return {
        ...rest,
        id,
        index: draw.below(2),
        function: { name: `f${at}`, arguments: piece.replace('{', isNew ? '{' : '') },
      }
    case 'id on the first':
      return isNew
        ? { ...rest, id, index: at, function: { name, arguments: piece } }
        : { ...more, index: at, function: { arguments: piece } }
    case 'whole':
      return { ...rest, id, function: { name, arguments: piece } }
    case 'whole, index 0':
      return { ...rest, id, index: 0, function: { name, arguments: piece } }
    default:
      return { ...rest, ...(draw.below(2) > 0 && { id: '' }), function: { name, arguments: piece } }
  }
}

/** What stands in places of the wire where only something else makes sense. */
const hostile: readonly unknown[] = [
  null,
  '',
  'x',
  0,
  1.5,
  true,
  [],
  {},
  [null],
  [[]],
  { toString: null, valueOf: null },
  { name: 'f', arguments: '{' },
  { arguments: {} },
  { google: null },
  { google: { thought: true, thought_signature: 7 } },
  '{"google":{"thought":true}}',
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  { length: 4_294_967_295 },
  { retryDelay: {} },
]
const places = [
  'content',
  'tool_calls',
  'extra_content',
  'role',
  'refusal',
  'audio',
  'function_call',
  '__proto__',
  'reasoning',
]
const callPlaces = ['id', 'index', 'type', 'function', 'extra_content', '__proto__', 'custom']
const topPlaces = ['id', 'created', 'usage', 'choices', 'error', 'object', '__proto__', 'constructor']

/** Chunks with anything at all in any place. */
export function drawHostileChunks(draw: Draw): unknown[] {
  const chunks: unknown[] = []
  while (!draw.isOver) {
    const delta = drawObject(draw, places)
    if (draw.below(2) > 0) own(delta, 'tool_calls', [drawHostileCall(draw), drawHostileCall(draw), draw.one(hostile)])
    const choice = drawObject(draw, ['index', 'finish_reason', 'logprobs', 'delta', '__proto__'])
    if (draw.below(4) > 0) own(choice, 'delta', delta)
    if (draw.below(4) > 0) own(choice, 'index', draw.below(3))
    const chunk = drawObject(draw, topPlaces)
    own(chunk, 'choices', draw.below(8) > 0 ? [choice, draw.one(hostile)] : draw.one(hostile))
    chunks.push(draw.below(16) > 0 ? chunk : draw.one(hostile))
  }
  return chunks
}

/** A call of one of a few ids, so that what is odd meets what is not. */
function drawHostileCall(draw: Draw): object {
  const call = drawObject(draw, callPlaces)
  if (draw.below(4) > 0) own(call, 'id', draw.one(['x', 'x', 'y', '__proto__', '']))
  const called = {
    name: draw.one(['f', 'f', '', '__proto__']),
    arguments: draw.one(draw.below(2) > 0 ? ['{', '{}', '}'] : hostile),
  }
  if (draw.below(4) > 0) own(call, 'function', draw.below(3) > 0 ? called : draw.one(hostile))
  return call
}

function drawObject(draw: Draw, names: readonly string[]): object {
  const object = {}
  for (let count = draw.below(4); count > 0; count -= 1) {
    const value = draw.below(8) === 7 ? { [draw.one(callPlaces)]: draw.one(hostile) } : draw.one(hostile)
    own(object, draw.one(names), value)
  }
  return object
}

/** A field of the object itself, whatever its name. */
function own(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
}
