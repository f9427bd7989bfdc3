import { createClient, textOf, thoughtsOf } from '@geminate/client'
import type { ChatCompletionRequest, Client } from '@geminate/client'
import { describe, expect, test } from 'vitest'
import { ask } from './ask.ts'
import { createSameOriginTransport } from './same-origin-transport.ts'
import { startTurn } from './turn.ts'
import type { Turn } from './turn.ts'

const model = 'google/gemini-2.5-flash'
const usage = { prompt_tokens: 4, completion_tokens: 3, total_tokens: 12 }

function toEvent(delta: object, more: object = {}, top: object = {}): string {
  return `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, ...more }], ...top })}\n\n`
}

const thinking = toEvent({ role: 'assistant', content: '<think>\n**Adding**\n\nOne and one.' })
const answering = toEvent({ content: '\n</think>\n\nTwo' })
const ending = toEvent(
  { content: '.', extra_content: { google: { thought_signature: 'c2ln' } } },
  { finish_reason: 'stop' },
  { usage },
)
const done = 'data: [DONE]\n\n'

/** A client whose server streams these events, and the bodies that it was sent. */
function setUp(events: string[], end: 'ends' | 'stays open' | 'breaks' = 'ends') {
  const bodies: ChatCompletionRequest[] = []
  const transport = createSameOriginTransport('http://127.0.0.1:4321', async (request) => {
    bodies.push((await request.json()) as ChatCompletionRequest)
    const left = events.map((event) => new TextEncoder().encode(event))
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => request.signal.addEventListener('abort', () => controller.error(request.signal.reason)),
      pull(controller) {
        const next = left.shift()
        if (next) controller.enqueue(next)
        else if (end === 'ends') controller.close()
        else if (end === 'breaks') controller.error(new TypeError('network error'))
      },
    })
    return new Response(body)
  })
  return { client: createClient(transport), bodies }
}

/** Asks, and gives every state that was shown. */
async function statesOf(client: Client, earlier: Turn[] = [], abort?: (turn: Turn) => boolean): Promise<Turn[]> {
  const states: Turn[] = []
  const controller = new AbortController()
  let now = 0
  const turn = startTurn(earlier.length + 1, { prompt: 'One and one?', model }, now)
  await ask(client, { earlier, turn, signal: controller.signal, now: () => (now += 100) }, (state) => {
    states.push(state)
    if (abort?.(state)) controller.abort()
  })
  return states
}

describe('an answer', () => {
  test('grows, with its thoughts apart', async () => {
    const { client } = setUp([thinking, answering, ending, done])
    const states = await statesOf(client)
    const phases = states.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1])
    expect(phases).toEqual(['thinking', 'answering', 'done'])
    expect(states.filter(({ text }) => text.includes('<') || text.includes('Adding'))).toEqual([])
    const last = states.at(-1)
    expect(last).toMatchObject({ text: 'Two.', finish: 'stop', usage })
    expect(last?.thoughts.trim()).toBe('**Adding**\n\nOne and one.')
    expect(last?.answeredAt).toBeLessThan(last?.endedAt ?? 0)
  })

  test('is kept as it must go back, and shown as the views see it', async () => {
    const { client } = setUp([thinking, answering, ending, done])
    const last = (await statesOf(client)).at(-1)
    expect(last?.message).toEqual({
      role: 'assistant',
      content: '<think>\n**Adding**\n\nOne and one.\n</think>\n\nTwo.',
      extra_content: { google: { thought_signature: 'c2ln' } },
    })
    expect(last?.text).toBe(textOf(last!.message!))
    expect(last?.thoughts).toBe(thoughtsOf(last!.message!))
  })
})

describe('the next prompt', () => {
  test('goes with the messages before it, exactly as they came', async () => {
    const { client, bodies } = setUp([thinking, answering, ending, done])
    const first = (await statesOf(client)).at(-1)!
    await statesOf(client, [first])
    expect(bodies[1]?.messages).toEqual([
      { role: 'user', content: 'One and one?' },
      first.message,
      { role: 'user', content: 'One and one?' },
    ])
    expect(bodies[1]?.extra_body?.google?.thought_tag_marker).toBe('think')
  })

  test('goes without turns that brought no answer', async () => {
    const { client, bodies } = setUp([thinking, answering, ending, done])
    const failed = (await statesOf(setUp([thinking, answering], 'breaks').client)).at(-1)!
    const thoughtOnly = (
      await statesOf(setUp([thinking], 'stays open').client, [], ({ phase }) => phase === 'thinking')
    ).at(-1)!
    expect([failed.phase, thoughtOnly.phase]).toEqual(['failed', 'stopped'])
    await statesOf(client, [failed, thoughtOnly])
    expect(bodies[0]?.messages).toHaveLength(1)
  })
})

describe('an answer that does not end', () => {
  test('stays as far as it came when it is stopped, and goes back so', async () => {
    const { client } = setUp([thinking, answering], 'stays open')
    const last = (await statesOf(client, [], ({ phase }) => phase === 'answering')).at(-1)!
    expect(last).toMatchObject({ phase: 'stopped', text: 'Two' })
    expect(last.problem).toBeUndefined()
    expect(textOf(last.message!)).toBe('Two')
    const next = setUp([answering, done])
    await statesOf(next.client, [last])
    expect(next.bodies[0]?.messages).toHaveLength(3)
  })

  test('is stopped before anything came', async () => {
    const controller = new AbortController()
    controller.abort()
    const states: Turn[] = []
    const turn = startTurn(1, { prompt: 'Hello', model, json: true }, 0)
    const { client } = setUp([])
    await ask(client, { earlier: [], turn, signal: controller.signal, now: () => 1 }, (state) => states.push(state))
    expect(states).toMatchObject([{ phase: 'stopped', text: '', json: true }])
  })

  test('fails in words, and keeps what came', async () => {
    const { client } = setUp([thinking, answering], 'breaks')
    expect((await statesOf(client)).at(-1)).toMatchObject({
      phase: 'failed',
      text: 'Two',
      problem: 'The connection broke before the answer was whole.',
    })
  })

  test('fails with the words of an error inside the stream', async () => {
    const error = { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Resource exhausted' }
    const { client } = setUp([thinking, answering, `data: ${JSON.stringify([{ error }])}\n\n`])
    const last = (await statesOf(client)).at(-1)
    expect(last).toMatchObject({ phase: 'failed', text: 'Two' })
    expect(last?.problem).toContain('429 RESOURCE_EXHAUSTED: Resource exhausted.')
  })
})
