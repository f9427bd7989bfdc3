import { parseJsonEventStream } from '@ai-sdk/provider-utils'
import { createChunkReader, createFold, createStreamEvents, readChunks } from '@geminate/core'
import { streamText } from '@xsai/stream-text'
import { createParser } from 'eventsource-parser'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { Stream } from 'openai/core/streaming'

/** Runs before each read that is asked for. */
type Pause = () => Promise<unknown>

export type Candidate = {
  name: string
  /** Reads a whole stream to JSON chunks, and gives how many there were. */
  read: (reads: Uint8Array[], pause?: Pause) => number | Promise<number>
  /** Takes `pause`: the event loop turns between its reads if the source lets it. */
  yields?: true
}

/** The least that any reader must do: decode, split on the blank line, parse. It is right on well-behaved bytes only. */
function createFloor(): (read: Uint8Array) => number {
  const decoder = new TextDecoder()
  let rest = ''
  return (read) => {
    const text = decoder.decode(read, { stream: true })
    rest += text
    // JSON holds no raw line feed: without one there is no event to split off, and nothing is searched twice.
    if (!text.includes('\n')) return 0
    const events = rest.split('\n\n')
    rest = events.pop() ?? ''
    let count = 0
    for (const event of events) {
      const data = event.slice(6)
      if (data === '[DONE]') continue
      JSON.parse(data)
      count += 1
    }
    return count
  }
}

const floors: Candidate[] = [
  {
    name: 'floor: TextDecoder + split + JSON.parse',
    read(reads) {
      const push = createFloor()
      let count = 0
      for (const read of reads) count += push(read)
      return count
    },
  },
  {
    name: 'the floor, each read awaited',
    async read(reads) {
      const push = createFloor()
      let count = 0
      for await (const read of sourceOf(reads)) count += push(read)
      return count
    },
  },
]

const ours: Candidate[] = [
  {
    name: 'createChunkReader (push)',
    read(reads) {
      const reader = createChunkReader()
      let count = 0
      for (const read of reads) count += reader.push(read).length
      assertComplete(reader.end().complete)
      return count
    },
  },
  {
    name: 'readChunks',
    yields: true,
    async read(reads, pause) {
      let count = 0
      for await (const chunk of readChunks(sourceOf(reads, pause))) if (chunk) count += 1
      return count
    },
  },
  {
    name: 'push + fold + thoughts',
    read(reads) {
      const reader = createChunkReader()
      const fold = createFold({ thoughtTagMarker: 'think' })
      const events = createStreamEvents(fold, 'think')
      let count = 0
      for (const read of reads) {
        for (const chunk of reader.push(read)) {
          fold.add(chunk)
          events.push(chunk)
          count += 1
        }
      }
      assertComplete(reader.end().complete)
      events.end()
      return count
    },
  },
]

const peers: Candidate[] = [
  {
    name: 'eventsource-parser createParser + JSON.parse',
    read(reads) {
      const decoder = new TextDecoder()
      let count = 0
      const parser = createParser({
        onEvent({ data }) {
          if (data === '[DONE]') return
          JSON.parse(data)
          count += 1
        },
      })
      for (const read of reads) parser.feed(decoder.decode(read, { stream: true }))
      return count
    },
  },
  {
    name: 'eventsource-parser stream + JSON.parse',
    yields: true,
    async read(reads, pause) {
      let count = 0
      const events = streamOf(reads, pause)
        .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
        .pipeThrough(new EventSourceParserStream())
      for await (const { data } of events) {
        if (data === '[DONE]') continue
        JSON.parse(data)
        count += 1
      }
      return count
    },
  },
  {
    name: 'openai Stream.fromSSEResponse',
    yields: true,
    async read(reads, pause) {
      let count = 0
      const stream = Stream.fromSSEResponse<unknown>(new Response(streamOf(reads, pause)), new AbortController())
      for await (const chunk of stream) if (chunk) count += 1
      return count
    },
  },
  {
    name: 'AI SDK parseJsonEventStream',
    async read(reads) {
      let count = 0
      const schema = {
        '~standard': { version: 1, vendor: 'bench', validate: (value: unknown) => ({ value }) },
      } as const
      for await (const result of parseJsonEventStream({ stream: streamOf(reads), schema }))
        if (result.success) count += 1
      return count
    },
  },
  {
    name: 'xsai streamText over a fetch in memory',
    async read(reads) {
      let count = 0
      const { textStream, usage } = streamText({
        model: 'm',
        baseURL: 'http://localhost/',
        messages: [],
        fetch: () => Promise.resolve(new Response(streamOf(reads))),
      })
      for await (const text of textStream) if (text) count += 1
      await usage
      return count
    },
  },
]

/** The floor first: every other figure is a ratio to it. */
export const candidates: Candidate[] = [...floors, ...ours, ...peers]

function assertComplete(complete: boolean): void {
  if (!complete) throw new Error('the stream did not end complete')
}

/** The reads as a body gives them. */
function streamOf(reads: Uint8Array[], pause?: Pause): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      const give = (): void => {
        const read = reads[at++]
        if (read) controller.enqueue(read as Uint8Array<ArrayBuffer>)
        else controller.close()
      }
      return pause ? pause().then(give) : give()
    },
  })
}

/** The reads as an async iterable, at the least cost that one can have. */
function sourceOf(reads: Uint8Array[], pause?: Pause): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      let at = 0
      const take = (): IteratorResult<Uint8Array, undefined> =>
        at < reads.length ? { value: reads[at++] as Uint8Array, done: false } : { value: undefined, done: true }
      return { next: () => (pause ? pause().then(take) : Promise.resolve(take())) }
    },
  }
}
