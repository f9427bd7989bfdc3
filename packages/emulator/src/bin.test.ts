import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { PATH, dataOf, requestOf } from '../test/ask.ts'

let started: ChildProcessWithoutNullStreams | undefined
afterEach(() => started?.kill('SIGKILL'))

function start(args: string[], nodeEnv = 'test') {
  const child = spawn(process.execPath, ['--conditions=@geminate/source', 'src/bin.ts', ...args], {
    env: { ...process.env, NODE_ENV: nodeEnv },
  })
  started = child
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()))
  return { child, ended: once(child, 'close'), output: () => output }
}

async function address(output: () => string): Promise<string> {
  await expect.poll(output, { timeout: 10_000 }).toContain('Try it')
  return /http:\/\/127\.0\.0\.1:\d+/.exec(output())![0]
}

const headers = { authorization: 'Bearer emulator', 'content-type': 'application/json' }
const post = (url: string, body: unknown, signal?: AbortSignal) =>
  fetch(url + PATH, { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) })

test('it says what it is, streams over a socket, notices who leaves, and ends on Ctrl-C', async () => {
  const { child, ended, output } = start(['--port', '0', '--chunk-delay-ms', '5'])
  const url = await address(output)
  expect(output()).toContain('not Vertex AI')

  const data = dataOf(await (await post(url, requestOf('Tell me a story', { stream: true }))).text())
  expect(data.length).toBeGreaterThan(10)
  expect(data.at(-1)).toBe('[DONE]')

  const controller = new AbortController()
  const left = await post(url, requestOf('Tell me a story of a canary', { stream: true }), controller.signal)
  await left.body!.getReader().read()
  controller.abort()
  const from = performance.now()
  await expect.poll(output, { interval: 5 }).toContain('200 closed')
  expect(performance.now() - from).toBeLessThan(200)
  // Of what was said nothing is printed.
  expect(output()).not.toContain('canary')

  // A stream that is still running does not hold it up.
  await post(url, requestOf('Tell me a story', { stream: true }))
  child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  await expect(fetch(url)).rejects.toThrow()
})

test('only this machine, and no web page, gets an answer', async () => {
  const url = new URL(await address(start(['--port', '0']).output))
  const status = (more: Record<string, string>) =>
    new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: url.port,
        path: PATH,
        method: 'POST',
        headers: { ...headers, ...more },
      }
      httpRequest(options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end('{}')
    })
  expect(await status({ host: 'evil.example' })).toBe(421)
  expect(await status({ host: `localhost.:${url.port}` })).toBe(421)
  expect(await status({ origin: 'https://evil.example' })).toBe(403)
  expect(await status({ origin: 'null' })).toBe(403)
  expect(await status({ origin: url.origin })).toBe(400)
})

test('a port that is taken: the next one', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const url = await address(start(['--port', String(port)]).output)
  expect(Number(new URL(url).port)).toBeGreaterThan(port)
  other.close()
})

test.each([
  [['--port', 'x'], "--port takes a whole number, not 'x'."],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('%j is told in words', async (args, message) => {
  const { ended, output } = start(args)
  expect((await ended)[0]).toBe(2)
  expect(output()).toContain(message)
  expect(output()).not.toContain('    at ')
})

test('it does not start in production unasked', async () => {
  const { ended, output } = start(['--port', '0'], 'production')
  expect((await ended)[0]).toBe(2)
  expect(output()).toContain('--allow-production')
})
