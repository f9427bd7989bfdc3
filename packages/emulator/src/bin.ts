#!/usr/bin/env node
import process from 'node:process'
import { parseArgs } from 'node:util'
import { createEmulator } from './create-emulator.ts'
import { listen } from './node.ts'

const HELP = `geminate-emulator: a strict Vertex AI Chat Completions endpoint on this machine, for development

  --port N              default 8787; the next free one where it is taken, any with 0
  --chunk-delay-ms N    pause between the chunks of a stream, default 40
  --allow-production    start even where NODE_ENV is production
  --help
`

const PATH = '/v1/projects/my-project/locations/global/endpoints/openapi'

async function main(): Promise<number | undefined> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8787' },
      'chunk-delay-ms': { type: 'string', default: '40' },
      'allow-production': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  if (process.env['NODE_ENV'] === 'production' && !values['allow-production']) {
    process.stderr.write(
      'NODE_ENV is production, and this is an emulator. Start it with --allow-production if you mean it.\n',
    )
    return 2
  }
  const emulator = createEmulator({
    chunkDelayMs: wholeNumber('--chunk-delay-ms', values['chunk-delay-ms']),
    onExchange: ({ path, status, outcome, chunksSent, durationMs }) =>
      process.stdout.write(`${status} ${outcome} ${chunksSent} chunks in ${durationMs} ms ${JSON.stringify(path)}\n`),
  })
  const server = await listen(emulator, { port: wholeNumber('--port', values.port) })
  process.stdout.write(`Geminate emulator: not Vertex AI, no account, no cost. Loopback only.
Base URL  ${server.url}${PATH}
Try it    curl -N ${server.url}${PATH}/chat/completions -H 'Authorization: Bearer emulator' -H 'Content-Type: application/json' -d '{"model":"google/gemini-2.5-flash","messages":[{"role":"user","content":"Tell me a story"}],"stream":true}'
`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
  return undefined
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new RangeError(`${option} takes a whole number, not '${text.slice(0, 20)}'.`)
}

try {
  const code = await main()
  if (code !== undefined) process.exitCode = code
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? error.message : 'The emulator could not start.'}\nSee geminate-emulator --help.\n`,
  )
  process.exitCode = 2
}
