/**
 * Makes one call in a process of its own and says what came of it, and by how many bytes the resident memory has grown at
 * its peak.
 *
 * Usage: `node --expose-gc memory-child.ts <plain|stream|capped> <base URL>`. The same call is made twice before, on
 * a small scale, under the base URL's `/small`: so what is loaded or compiled once is not counted.
 */
import process from 'node:process'
import { createClient } from '@geminate/client'
import { isGeminateError, readChunks } from '@geminate/core'
import type { ChatCompletion, ChatCompletionRequest } from '@geminate/core'
import { managed } from '@geminate/transport-managed'
import { watchMemoryPeak } from '../memory-peak.ts'
import { createScaledTimers } from '../scaled-timers.ts'

const MIB = 1024 * 1024
const body: ChatCompletionRequest = { model: 'google/m', messages: [{ role: 'user', content: 'Hello' }] }
const [way = '', baseUrl = ''] = process.argv.slice(2)

const ways: Record<string, (url: string) => Promise<ChatCompletion | undefined>> = {
  plain: (url) => connect(url).completions.create({ ...body, stream: false }),
  async stream(url) {
    const stream = await connect(url).completions.stream(body)
    for await (const _ of stream);
    return stream.final()
  },
  /** With a limit that the client has no option for: the transport's bytes, and core's reader. */
  async capped(url) {
    const reply = await connect(url).transport({ body: { ...body, stream: true } })
    if (reply.kind === 'sse') for await (const _ of readChunks(reply.body, { maxEventBytes: MIB }));
    return undefined
  },
}

function connect(url: string) {
  // Retries wait for seconds.
  const transport = managed({ baseUrl: url, auth: 'memory', timers: createScaledTimers(20) })
  return { transport, completions: createClient(transport).chat.completions }
}

async function run(url: string): Promise<{ outcome: string; attempts?: number; length?: number }> {
  try {
    const completion = await ways[way]?.(url)
    const message = completion?.choices[0]?.message
    const text = message?.tool_calls?.[0]?.function?.arguments ?? message?.content
    return { outcome: 'complete', length: text?.length ?? 0 }
  } catch (error) {
    if (!isGeminateError(error)) throw error
    const { code, reason = error.status, attempts } = error
    return { outcome: `${code}/${reason}`, attempts }
  }
}

for (let n = 0; n < 2; n += 1) await run(`${baseUrl}/small`)
const growth = watchMemoryPeak()
const result = await run(baseUrl)
console.log(JSON.stringify({ ...result, growth: growth() }))
process.exit()
