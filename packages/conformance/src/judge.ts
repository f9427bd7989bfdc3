import type { Observation } from './driver.ts'
import type { RecordedRequest } from './replay.ts'
import type { Expectation, WireExpectation } from './scenario.ts'

/** What is wrong with an observation, one sentence each; empty where nothing is. */
export function judgeObservation(seen: Observation, expected: Expectation, geminate: boolean): string[] {
  const { toolCalls, error, geminate: own, ...exact } = expected
  const wrong = Object.entries(exact).flatMap(([key, value]) => differs(key, seen[key as keyof Observation], value))
  if (toolCalls) wrong.push(...differs('toolCalls', withKeysOf(seen.toolCalls, toolCalls), toolCalls))
  if (error?.status !== undefined) wrong.push(...differs('error.status', seen.error?.status, error.status))
  if (error?.messageContains !== undefined && !seen.error?.message?.includes(error.messageContains)) {
    wrong.push(`error.message: expected it to hold ${show(error.messageContains)}, got ${show(seen.error?.message)}`)
  }
  if (!geminate || !own) return wrong
  return [
    ...wrong,
    ...Object.entries(own).flatMap(([key, value]) => differs(`error.${key}`, seen.error?.[key as 'code'], value)),
  ]
}

/** What is wrong with a request on the wire. */
export function judgeWire(request: RecordedRequest | undefined, expected: WireExpectation): string[] {
  if (!request) return ['wire: no request arrived']
  const wrong = request.url.endsWith('/chat/completions')
    ? []
    : [`wire: expected …/chat/completions, got ${show(request.url)}`]
  wrong.push(...differs('wire: method', request.method, 'POST'))
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    const got = request.headers.get(name)
    wrong.push(...differs(`wire: header ${name}`, name === 'content-type' ? mediaTypeOf(got) : got, value))
  }
  let body: unknown
  try {
    body = JSON.parse(request.body)
  } catch {
    return [...wrong, 'wire: the body is no JSON']
  }
  for (const { at, ...matcher } of expected.body ?? []) {
    const found = pointed(body, at)
    if ('equal' in matcher) wrong.push(...differs(`wire: ${at}`, found, matcher.equal))
    else if (found !== undefined) wrong.push(`wire: ${at}: expected nothing, got ${show(found)}`)
  }
  return wrong
}

/** A content type without its parameters: a charset says nothing new of JSON. */
function mediaTypeOf(contentType: string | null): string | undefined {
  return contentType?.split(';')[0]?.trim().toLowerCase()
}

/** What a JSON Pointer points at; undefined where there is nothing. */
function pointed(value: unknown, pointer: string): unknown {
  let at = value
  for (const key of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return at
}

/** The calls, cut down to what is expected of each: an id that the scenario does not name is not compared. */
function withKeysOf(calls: Observation['toolCalls'], expected: object[]): unknown[] {
  return calls.map((call, at) => {
    const keys = Object.keys(expected[at] ?? call)
    return Object.fromEntries(Object.entries(call).filter(([key]) => keys.includes(key)))
  })
}

function differs(what: string, seen: unknown, expected: unknown): string[] {
  return canonical(seen) === canonical(expected) ? [] : [`${what}: expected ${show(expected)}, got ${show(seen)}`]
}

/** JSON with sorted keys: their order is not the client's to keep. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
