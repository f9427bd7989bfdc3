import type { Call, Reply, SseReply, Transport } from '@geminate/core'
import { createTransport } from '../src/http-transport.ts'
import type { HttpTransportOptions } from '../src/http-transport.ts'
import { fakeSend } from './fake-send.ts'
import type { Script } from './fake-send.ts'
import { fakeTimers } from './fake-timers.ts'
import type { FakeTimers } from './fake-timers.ts'

export const EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
export const FINISH = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
export const DONE = 'data: [DONE]\n\n'
export const COMPLETION = '{"id":"c","choices":[]}'

/** What never comes. */
export const never: Promise<never> = new Promise<never>(() => undefined)

/** Waits until what was started in the background has run. */
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

export const body: Call['body'] = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }

export type ScriptedTransport = ReturnType<typeof fakeSend> & {
  timers: FakeTimers
  transport: Transport
  call: (more?: Partial<Call>) => Promise<Reply>
  /** What a call fails with. */
  failure: (more?: Partial<Call>) => Promise<unknown>
}

/** A transport whose server answers by script, and whose time passes when the test says so. It tries once. */
export function scriptedTransport(
  scripts: Script[] | ((at: number) => Script),
  options: Partial<HttpTransportOptions> = {},
): ScriptedTransport {
  const fake = fakeSend(scripts)
  const timers = fakeTimers()
  const transport = createTransport(fake.send, {
    target: { surface: 'managed', host: 'example.test' },
    url: () => 'https://example.test/chat/completions',
    timers,
    random: () => 0,
    newRequestId: () => 'id-1',
    retry: { maxAttempts: 1 },
    ...options,
  })
  const call = (more: Partial<Call> = {}): Promise<Reply> => transport({ body, ...more })
  return {
    ...fake,
    timers,
    transport,
    call,
    failure: (more?: Partial<Call>): Promise<unknown> => call(more).catch((error: unknown) => error),
  }
}

/** What is left of a stream, as text. */
export async function read(reply: SseReply): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of reply.body) text += decoder.decode(bytes, { stream: true })
  return text
}
