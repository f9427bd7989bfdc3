import type { ChatCompletion, ChatCompletionChunk, ChatCompletionRequest, Handler } from '@geminate/core'

export const PATH = '/v1/projects/my-project/locations/global/endpoints/openapi/chat/completions'

/** Puts a request to the emulator, as a client would. */
export function post(
  emulator: Handler,
  body: unknown,
  init: { path?: string; host?: string } & RequestInit = {},
): Promise<Response> {
  const { path = PATH, host = 'aiplatform.googleapis.com', ...rest } = init
  return emulator(
    new Request(`https://${host}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer emulator', 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...rest,
    }),
  )
}

export function requestOf(content: string, more: Partial<ChatCompletionRequest> = {}): ChatCompletionRequest {
  return { model: 'google/gemini-2.5-flash', messages: [{ role: 'user', content }], ...more }
}

export async function completionOf(emulator: Handler, request: ChatCompletionRequest): Promise<ChatCompletion> {
  return (await (await post(emulator, request)).json()) as ChatCompletion
}

/** The data of each event; fails where the framing is not Google's. */
export function dataOf(text: string): string[] {
  return text.split('\n\n').flatMap((event) => {
    if (event === '') return []
    if (!event.startsWith('data: ') || event.includes('\n')) throw new Error(`not one data line: ${event}`)
    return [event.slice(6)]
  })
}

export async function chunksOf(emulator: Handler, request: ChatCompletionRequest): Promise<ChatCompletionChunk[]> {
  const data = dataOf(await (await post(emulator, { ...request, stream: true })).text())
  if (data.pop() !== '[DONE]') throw new Error('no [DONE]')
  return data.map((json) => JSON.parse(json) as ChatCompletionChunk)
}

type GoogleError = { code: number; message: string; status: string; details?: unknown[] }
type Refusal = { response: Response; text: string; array: boolean; error: GoogleError }

/** An answer that refuses, and its error, whether it came in an array or bare. */
export async function refusalOf(emulator: Handler, body: unknown, init?: Parameters<typeof post>[2]): Promise<Refusal> {
  const response = await post(emulator, body, init)
  const text = await response.text()
  const array = text.startsWith('[')
  const { error } = [JSON.parse(text) as { error: GoogleError }[]].flat(2)[0]!
  return { response, text, array, error }
}
