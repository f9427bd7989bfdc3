import { expect, test } from 'vitest'
import { createGetJson } from './index.ts'

function setUp(answers: Response[]) {
  const seen: Request[] = []
  const getJson = createGetJson({
    fetch(request) {
      seen.push(request)
      return Promise.resolve(answers[seen.length - 1] ?? new Response(null, { status: 400 }))
    },
    auth: () => Promise.resolve({ token: 't', expiresAt: 1e15 }),
    timers: { now: () => 0, after: (_, run) => (queueMicrotask(run), () => undefined) },
    attemptTimeoutMs: Infinity,
    deadlineMs: Infinity,
    idleTimeoutMs: Infinity,
  })
  return { seen, getJson }
}

test('gets with the credential, and without a body', async () => {
  const { seen, getJson } = setUp([new Response('{"a":1}')])
  expect(await getJson('https://example.test/x')).toEqual({ a: 1 })
  expect(seen[0]).toMatchObject({ method: 'GET', url: 'https://example.test/x', body: null })
  expect(seen[0]?.headers.get('authorization')).toBe('Bearer t')
  expect(seen[0]?.headers.get('content-type')).toBeNull()
})

test('tries again as a call does', async () => {
  const { seen, getJson } = setUp([new Response('{}', { status: 503 }), new Response('[]')])
  expect(await getJson('https://example.test/x')).toEqual([])
  expect(seen).toHaveLength(2)
})

test.each([
  [
    'an error',
    new Response('{"error":{"code":404,"message":"No.","status":"NOT_FOUND"}}', { status: 404 }),
    'NOT_FOUND',
  ],
  ['JSON that is none', new Response('{"a":'), 'BAD_JSON'],
  ['an event stream', new Response('data: {"choices":[]}\n\n'), 'NOT_API'],
])('%s is a failure', async (_, answer, reason) => {
  await expect(setUp([answer]).getJson('https://example.test/x')).rejects.toMatchObject({ reason, attempts: 1 })
})

test('a signal ends it', async () => {
  const { getJson, seen } = setUp([])
  const signal = AbortSignal.abort()
  await expect(getJson('https://example.test/x', { signal })).rejects.toMatchObject({ code: 'aborted' })
  expect(seen).toEqual([])
})
