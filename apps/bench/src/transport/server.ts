/** The server, in a process of its own. What it answers stands in the path: `/burst-5000`, `/paced-80`, `/plain`. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { PLAIN_TEXT, WORD, sharedClock } from './candidates.ts'

const PACE_MS = 50
/** Its multiples are spread evenly over the numbers from 0 to 1, however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2
let pacedStreams = 0

/** Events that are handed to the socket in one write; each is an HTTP chunk of its own. */
const BATCH = 64

const HEAD = { created: 1_772_141_949, id: 'k3Xz_aQdEJ-9rLsP0w1TsgU', model: 'google/gemini-2.5-flash' }
const USAGE = { completion_tokens: 9, prompt_tokens: 9, total_tokens: 18 }
const PLAIN = JSON.stringify({
  ...HEAD,
  choices: [{ finish_reason: 'stop', index: 0, logprobs: null, message: { content: PLAIN_TEXT, role: 'assistant' } }],
  object: 'chat.completion',
  system_fingerprint: '',
  usage: USAGE,
})

function eventOf(content: string, last = false): string {
  const chunk = {
    choices: [
      { delta: { content, role: 'assistant' }, ...(last && { finish_reason: 'stop' }), index: 0, logprobs: null },
    ],
    ...HEAD,
    object: 'chat.completion.chunk',
    system_fingerprint: '',
    ...(last && { usage: USAGE }),
  }
  return `data: ${JSON.stringify(chunk)}\n\n${last ? 'data: [DONE]\n\n' : ''}`
}

const EVENT = Buffer.from(eventOf(WORD))
const LAST = Buffer.from(eventOf(WORD, true))

async function burst(response: ServerResponse, chunks: number): Promise<void> {
  for (let at = 1; at < chunks;) {
    response.cork()
    const end = Math.min(at + BATCH, chunks)
    for (; at < end; at += 1) response.write(EVENT)
    response.uncork()
    if (response.writableNeedDrain) await once(response, 'drain')
  }
  response.end(LAST)
}

/**
 * Every delta says when it was sent. Each stream keeps to times of its own: intervals that begin in one turn of the event
 * loop, or wait for it, would go on in step, and what is sent at once can only be read one after the other.
 */
function paced(response: ServerResponse, chunks: number): void {
  pacedStreams += 1
  const start = performance.now() + ((pacedStreams * GOLDEN_RATIO) % 1) * PACE_MS
  let sent = 0
  let timer: NodeJS.Timeout
  function wait(): void {
    timer = setTimeout(send, start + sent * PACE_MS - performance.now())
  }
  function send(): void {
    sent += 1
    const event = eventOf(` ${sharedClock().toFixed(3)}`, sent === chunks)
    if (sent === chunks) return void response.end(event)
    response.write(event)
    wait()
  }
  wait()
  response.on('close', () => clearTimeout(timer))
}

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    const [, kind, chunks] = /^\/([a-z]+)(?:-(\d+))?\//.exec(request.url ?? '') ?? []
    if (kind === 'plain') {
      response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(PLAIN)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (kind === 'burst') void burst(response, Number(chunks))
    else paced(response, Number(chunks))
  })
})

let connections = 0
server.keepAliveTimeout = 60_000
server.on('connection', () => (connections += 1))
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.send?.({ port: (server.address() as AddressInfo).port })
})
process.on('message', () => process.send?.({ connections }))
