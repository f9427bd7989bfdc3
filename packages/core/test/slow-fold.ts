import type { ChatCompletionChunk, Delta, ToolCallDelta } from '../src/wire/chunk.ts'
import type { ChatCompletion } from '../src/wire/completion.ts'

type Fields = Record<string, unknown>

/**
 * What the design says that a stream folds to, worked out from all of its chunks at once, for streams whose calls are
 * well-behaved. Content is told as the text that came, its signatures and, without a marker, the runs in which it came.
 */
export function slowFold(chunks: ChatCompletionChunk[], marker?: string): object {
  const indices = [...new Set(chunks.flatMap((chunk) => (chunk.choices ?? []).map(({ index }, at) => index ?? at)))]
  return {
    ...lastOf(chunks, ['choices']),
    object: 'chat.completion',
    choices: indices.sort((a, b) => a - b).map((index) => slowChoice(chunks, index, marker)),
  }
}

/** The same of what the fold under test gives. */
export function seen(completion: ChatCompletion, marker?: string): object {
  const choices = completion.choices.map((choice) => {
    if (!choice.message) return choice
    const { content, extra_content, ...rest } = choice.message
    const parts = Array.isArray(content) ? (content as Part[]) : undefined
    const told = parts ? parts.map(({ text }) => text).join('') : content
    const signatures = signaturesOf([extra_content, ...(parts ?? []).map((part) => part.extra_content)])
    const what = { parts, extra_content }
    return { ...choice, message: { ...rest, told, signatures, ...(marker === undefined && { what }) } }
  })
  return { ...completion, choices }
}

/** Values as JSON text, the same whatever the order of their keys. */
export function sorted(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

function slowChoice(chunks: ChatCompletionChunk[], index: number, marker: string | undefined): object {
  const choices = chunks.flatMap((chunk) =>
    (chunk.choices ?? []).filter((choice, at) => (choice.index ?? at) === index),
  )
  const deltas = choices.flatMap(({ delta }) => (delta ? [delta] : []))
  const own = { ...lastOf(choices, ['delta', 'index', 'logprobs']), ...subFields(choices, 'logprobs', []), index }
  if (deltas.length === 0) return own
  return { ...own, message: slowMessage(deltas, marker) }
}

function slowMessage(deltas: Delta[], marker: string | undefined): object {
  const texts = ['refusal', 'reasoning_content', 'reasoning']
  const { runs, own, onCalls } = runsOf(deltas)
  const calls = callsOf(deltas, onCalls)
  const told = runs.map(({ part }) => part.text).join('')
  const hasText = deltas.some(({ content }) => typeof content === 'string')
  const isCall = calls.length > 0 || deltas.some(({ function_call }) => function_call)
  const last = runs.at(-1)?.extra
  const isString =
    runs.every(({ isText }) => isText) &&
    runs.slice(0, -1).every(({ extra }) => extra === undefined) &&
    !isFlagged(last) &&
    !(isSigned(own) && isSigned(last))
  const parts = runs.map(({ part, extra }) => ({ ...part, ...(extra !== undefined && { extra_content: extra }) }))
  return {
    role: 'assistant',
    ...lastOf(deltas, ['content', 'extra_content', 'tool_calls', 'audio', 'function_call', ...texts]),
    ...Object.fromEntries(texts.flatMap((field) => joinedField(deltas, field))),
    ...subFields(deltas, 'audio', ['data', 'transcript']),
    ...subFields(deltas, 'function_call', ['arguments']),
    told: told === '' && (isCall || !hasText) ? null : told,
    signatures: signaturesOf([own, ...runs.map(({ extra }) => extra)]),
    ...(marker === undefined && {
      what: isString ? { extra_content: both(own, last) } : { parts, extra_content: own },
    }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

type Part = { type: string; text: string; extra_content?: unknown }

type Run = { part: Part; isText: boolean; extra: unknown }

/**
 * Text that came with the same extra content, and parts. What came beside no content belongs to what was before it: text
 * or a call; to the message where there is neither, or where it would be a second signature.
 */
function runsOf(deltas: Delta[]): { runs: Run[]; own: unknown; onCalls: Map<number, unknown[]> } {
  const runs: Run[] = []
  const onCalls = new Map<number, unknown[]>()
  let own: unknown
  let callsBefore = 0
  let isBehindCall = false
  for (const [at, { content, extra_content, tool_calls }] of deltas.entries()) {
    const extra = extra_content ?? undefined
    const last = runs.at(-1)
    if (Array.isArray(content)) {
      for (const part of content as Part[]) runs.push({ part, isText: false, extra: both(extra, part.extra_content) })
      isBehindCall = false
    } else if (content) {
      if (last?.isText && sorted(last.extra) === sorted(extra)) last.part.text += content
      else runs.push({ part: { type: 'text', text: content }, isText: true, extra })
      isBehindCall = false
    } else if (extra !== undefined && !isFlagged(extra)) {
      const calls = callsOf(deltas.slice(0, at), onCalls) as { extra_content?: unknown }[]
      if (isBehindCall && calls[0] && !isOther(calls[0].extra_content, extra)) {
        onCalls.set(callsBefore, [...(onCalls.get(callsBefore) ?? []), extra])
      } else if (last && !isOther(last.extra, extra)) last.extra = both(last.extra, extra)
      else own = both(own, extra)
    }
    callsBefore += tool_calls?.length ?? 0
    isBehindCall ||= (tool_calls?.length ?? 0) > 0
  }
  return { runs, own, onCalls }
}

function signaturesOf(extras: unknown[]): unknown[] {
  return extras.filter(isSigned).map((extra) => googleOf(extra)['thought_signature'])
}

function callsOf(deltas: Delta[], onCalls: Map<number, unknown[]>): object[] {
  const calls: { id: string; index: unknown; deltas: ToolCallDelta[] }[] = []
  let count = 0
  for (const delta of deltas.flatMap(({ tool_calls }) => tool_calls ?? [])) {
    count += 1
    const known = delta.id
      ? calls.find(({ id }) => id === delta.id)
      : delta.function?.name
        ? undefined
        : (calls.findLast(({ index }) => index !== undefined && index === delta.index) ?? calls.at(-1))
    const call = known ?? { id: delta.id || `made-${calls.length}`, index: undefined, deltas: [] }
    if (!known) calls.push(call)
    call.index = delta.index
    call.deltas.push(delta)
    for (const late of onCalls.get(count) ?? []) {
      const before = calls[0] && lastValue(calls[0].deltas, 'extra_content')
      calls[0]?.deltas.push({ extra_content: both(before ?? undefined, late) as Fields })
    }
  }
  return calls.map(({ id, deltas: own }) => {
    const functions = own.flatMap((delta) => (delta.function ? [delta.function] : []))
    return {
      type: 'function',
      ...lastOf(own, ['id', 'index', 'function']),
      id,
      function: {
        name: functions.find(({ name }) => name)?.name ?? '',
        ...lastOf(functions, ['name', 'arguments']),
        arguments: functions.map((part) => part.arguments ?? '').join(''),
      },
    }
  })
}

/** Of each field the last value that is not null; arrays that follow each other are one. */
function lastOf(objects: object[], without: string[]): Fields {
  const fields = [...new Set(objects.flatMap((object) => Object.keys(object)))].filter((key) => !without.includes(key))
  return Object.fromEntries(fields.map((field) => [field, lastValue(objects, field)]))
}

function lastValue(objects: object[], field: string): unknown {
  const values = valuesOf(objects, field)
  const said = values.filter((value) => value !== null)
  if (said.length === 0) return values[0]
  const last = said.at(-1)
  if (!Array.isArray(last)) return last
  const from = said.findLastIndex((value) => !Array.isArray(value)) + 1
  return said.slice(from).flat(1)
}

function valuesOf(objects: object[], field: string): unknown[] {
  return objects.filter((object) => Object.hasOwn(object, field)).map((object) => (object as Fields)[field])
}

function joinedField(objects: object[], field: string): [string, unknown][] {
  const values = valuesOf(objects, field)
  if (values.length === 0) return []
  const texts = values.filter((value) => typeof value === 'string')
  return [[field, texts.length > 0 ? texts.join('') : null]]
}

/** A field that is an object in pieces. */
function subFields(holders: object[], field: string, texts: string[]): Fields {
  const values = valuesOf(holders, field)
  const pieces = values.filter((value) => value !== null) as object[]
  if (values.length === 0) return {}
  if (pieces.length === 0) return { [field]: null }
  return {
    [field]: { ...lastOf(pieces, texts), ...Object.fromEntries(texts.flatMap((text) => joinedField(pieces, text))) },
  }
}

function googleOf(extra: unknown): Fields {
  return ((extra as Fields | undefined)?.['google'] as Fields | undefined) ?? {}
}

function isSigned(extra: unknown): boolean {
  return googleOf(extra)['thought_signature'] !== undefined
}

/** Whether it is signed, and otherwise than what comes late. */
function isOther(extra: unknown, late: unknown): boolean {
  return isSigned(extra) && googleOf(extra)['thought_signature'] !== googleOf(late)['thought_signature']
}

function isFlagged(extra: unknown): boolean {
  return googleOf(extra)['thought'] === true
}

function both(before: unknown, more: unknown): unknown {
  if (before === undefined || more === undefined) return before ?? more
  return { ...(before as object), ...(more as object), google: { ...googleOf(before), ...googleOf(more) } }
}

/** All the text of the choices so far, by place: it only ever grows. */
export function grown(completion: ChatCompletion): Map<string, string> {
  const places = completion.choices.flatMap(({ index, message }): [string, string][] => {
    const { content } = message ?? {}
    const text = Array.isArray(content) ? content.map((part) => (part as { text: string }).text).join('') : content
    const calls = message?.tool_calls ?? []
    return [
      [`${index} content`, text ?? ''],
      [`${index} reasoning`, message?.reasoning_content ?? ''],
      [`${index} refusal`, message?.refusal ?? ''],
      [`${index} audio`, message?.audio?.data ?? ''],
      ...calls.map(({ function: called }, at): [string, string] => [`${index} call ${at}`, called?.arguments ?? '']),
    ]
  })
  return new Map(places)
}
