/** The clients, each loading its library only when it is its turn. */
import process from 'node:process'
import type { ChatStream } from '@geminate/client'

type Client = {
  /** Streams one answer; `onText` is called as each text arrives, or once with the whole. */
  stream(onText: (text: string) => void): Promise<void>
  /** Asks for a plain answer and gives its text. */
  plain(): Promise<string>
}

export type Candidate = {
  name: string
  /** What is imported of it. */
  packages: string[]
  /** Imports that, and does nothing else. Gives what makes a client for a base URL. */
  load: () => Promise<(baseUrl: string) => Client>
  /** Of ours, how much client CPU one chunk may cost: a ratio to the floor. */
  streamGoal?: number
  /** Left out of what it would do exactly as another candidate does. */
  onlyStreams?: true
  /** Nothing comes before the end: latency says nothing. */
  atEnd?: true
}

const model = 'google/gemini-2.5-flash'
const apiKey = 'a-token'
const messages = [{ role: 'user' as const, content: 'Hi' }]
const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }

/** The text of every delta of a burst. */
export const WORD = 'eight by'
/** The text of a plain answer. */
export const PLAIN_TEXT: string = WORD.repeat(40)

/** Milliseconds of the clock that all processes of a machine share. */
export function sharedClock(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

type Delta = { choices: { delta: { content: string } }[] }
type Whole = { choices: { message: { content: string } }[] }

/** The least that any client must do with a stream; right on well-behaved bytes only. */
async function readFloor(reads: AsyncIterable<Uint8Array>, onText: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const read of reads) {
    const events = (rest + decoder.decode(read, { stream: true })).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      if (event !== 'data: [DONE]') onText((JSON.parse(event.slice(6)) as Delta).choices[0]!.delta.content)
    }
  }
}

/** An API of the kind "post this body, get bytes", as a client. */
function floor(post: (body: string) => Promise<AsyncIterable<Uint8Array> & { text(): Promise<string> }>): Client {
  return {
    stream: async (onText) => readFloor(await post(JSON.stringify({ model, messages, stream: true })), onText),
    async plain() {
      const body = await post(JSON.stringify({ model, messages }))
      return (JSON.parse(await body.text()) as Whole).choices[0]!.message.content
    },
  }
}

const floors: Candidate[] = [
  {
    name: 'floor: undici request',
    packages: ['undici'],
    async load() {
      const { Agent, request } = await import('undici')
      return (baseUrl) => {
        const dispatcher = new Agent()
        const url = `${baseUrl}/chat/completions`
        return floor(async (body) => (await request(url, { method: 'POST', headers, body, dispatcher })).body)
      }
    },
  },
  {
    name: 'global fetch',
    packages: [],
    load: () =>
      Promise.resolve((baseUrl) =>
        floor(async (body) => {
          const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body })
          return Object.assign(response.body!, { text: () => response.text() })
        }),
      ),
  },
]

/** Geminate, its stream read in one of its forms; by default as chunks. */
function geminate(
  form: string,
  streamGoal: number,
  read: (stream: ChatStream, onText: (text: string) => void) => Promise<void>,
): Candidate {
  return {
    name: `geminate${form}`,
    packages: ['@geminate/client', '@geminate/transport-managed'],
    streamGoal,
    async load() {
      const [{ createClient, textOf }, { managed }] = await Promise.all([
        import('@geminate/client'),
        import('@geminate/transport-managed'),
      ])
      return (baseUrl) => {
        const { completions } = createClient(managed({ auth: apiKey, baseUrl })).chat
        return {
          stream: async (onText) => read(await completions.stream({ model, messages }), onText),
          plain: async () => textOf((await completions.create({ model, messages })).choices[0]!.message!),
        }
      }
    },
  }
}

const ours: Candidate[] = [
  geminate('', 1.3, async (stream, onText) => {
    for await (const { choices } of stream) onText(choices![0]!.delta!.content as string)
  }),
  {
    ...geminate(' text()', 1.6, async (stream, onText) => {
      for await (const text of stream.text()) onText(text)
    }),
    onlyStreams: true,
  },
  {
    ...geminate(' final()', 1.6, async (stream, onText) => {
      onText((await stream.final()).choices[0]!.message!.content as string)
    }),
    onlyStreams: true,
    atEnd: true,
  },
]

const peers: Candidate[] = [
  {
    name: 'openai',
    packages: ['openai'],
    async load() {
      const { OpenAI } = await import('openai')
      return (baseURL) => {
        const { completions } = new OpenAI({ apiKey, baseURL, maxRetries: 0 }).chat
        return {
          async stream(onText) {
            for await (const { choices } of await completions.create({ model, messages, stream: true })) {
              onText(choices[0]!.delta.content!)
            }
          },
          plain: async () => (await completions.create({ model, messages })).choices[0]!.message.content!,
        }
      }
    },
  },
  {
    name: 'AI SDK',
    packages: ['ai', '@ai-sdk/openai-compatible'],
    async load() {
      const [{ generateText, streamText }, { createOpenAICompatible }] = await Promise.all([
        import('ai'),
        import('@ai-sdk/openai-compatible'),
      ])
      return (baseURL) => {
        const options = {
          model: createOpenAICompatible({ name: 'bench', apiKey, baseURL }).chatModel(model),
          messages,
          maxRetries: 0,
        }
        return {
          async stream(onText) {
            for await (const text of streamText(options).textStream) onText(text)
          },
          plain: async () => (await generateText(options)).text,
        }
      }
    },
  },
  {
    name: 'LangChain',
    packages: ['@langchain/openai'],
    async load() {
      const { ChatOpenAI } = await import('@langchain/openai')
      return (baseURL) => {
        const chat = new ChatOpenAI({ model, apiKey, configuration: { baseURL }, maxRetries: 0 })
        return {
          async stream(onText) {
            for await (const { content } of await chat.stream(messages)) onText(content as string)
          },
          plain: async () => (await chat.invoke(messages)).content as string,
        }
      }
    },
  },
  {
    name: 'xsai',
    packages: ['@xsai/generate-text', '@xsai/stream-text'],
    async load() {
      const [{ generateText }, { streamText }] = await Promise.all([
        import('@xsai/generate-text'),
        import('@xsai/stream-text'),
      ])
      return (baseUrl) => {
        const options = { model, apiKey, baseURL: `${baseUrl}/`, messages }
        return {
          async stream(onText) {
            for await (const text of streamText(options).textStream) onText(text)
          },
          plain: async () => (await generateText(options)).text!,
        }
      }
    },
  },
]

/** The floor first: every other figure is a ratio to it. */
export const candidates: Candidate[] = [...floors, ...ours, ...peers]
