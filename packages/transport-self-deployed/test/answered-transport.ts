import type { ChatCompletionRequest, Token, Transport } from '@geminate/core'
import type { SelfDeployedOptions } from '../src/self-deployed-options.ts'
import { createSelfDeployedTransport } from '../src/self-deployed-transport.ts'

export const body: ChatCompletionRequest = { messages: [{ role: 'user', content: 'hi' }] }
export const address = { project: 'my-project', location: 'us-central1', endpoint: '1234567890' } as const
export const resource =
  'https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/endpoints/1234567890'
export const dedicated = '1234567890.us-central1-456.prediction.vertexai.goog'
export const dedicatedUrl: string = resource.replace('us-central1-aiplatform.googleapis.com', dedicated)

export type AnsweredTransport = {
  transport: Transport
  requests: Request[]
  urls: () => string[]
  /** How often default credentials and a default project were asked for. */
  asked: { tokens: number; projects: number }
}

/** A transport over a `fetch` that a test answers. It tries once. */
export function answeredTransport(
  options: SelfDeployedOptions,
  answer?: (request: Request) => Response | Promise<Response>,
): AnsweredTransport {
  const requests: Request[] = []
  const asked = { tokens: 0, projects: 0 }
  async function fetch(request: Request): Promise<Response> {
    requests.push(request)
    return (await answer?.(request)) ?? Response.json({ choices: [] })
  }
  const transport = createSelfDeployedTransport(
    { fetch, retry: { maxAttempts: 1 }, ...options },
    {
      auth: () => Promise.resolve<Token>({ token: `default-${(asked.tokens += 1)}`, expiresAt: Infinity }),
      project: undefined,
      findProject: () => Promise.resolve(`found-project-${(asked.projects += 1)}`),
    },
  )
  return { transport, requests, asked, urls: () => requests.map(({ url }) => url) }
}
