import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listenOnNextPort } from '../src/server/listen-on-next-port.ts'
import { ensurePage } from './ensure-page.ts'

const children: ChildProcess[] = []
/** An empty home: credentials of the machine that runs the tests are neither found nor used. */
const home = mkdtempSync(join(tmpdir(), 'geminate-demo-'))

beforeAll(async () => {
  await ensurePage()
  return () => rmSync(home, { recursive: true })
}, 60_000)

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

type Started = { child: ChildProcess; lines: string[]; url: string; exit: Promise<number | null> }

/** Starts the demo as `pnpm start` does, and waits for its address or its end. */
async function start(env: Record<string, string>): Promise<Started> {
  const main = join(import.meta.dirname, '../src/server/main.ts')
  const child = spawn(process.execPath, ['--conditions=@geminate/source', main], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, METADATA_SERVER_DETECTION: 'none', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  const lines: string[] = []
  const url = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        lines.push(line)
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
        if (found) resolve(found)
      })
    }
  })
  return { child, lines, exit, url: await Promise.race([url, once(child, 'close').then(() => '')]) }
}

function chat(url: string, body: object = {}): Promise<Response> {
  return fetch(`${url}/api/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'google/gemini-2.5-flash',
      messages: [{ role: 'user', content: 'Write a story about a magic backpack.' }],
      ...body,
    }),
  })
}

async function isFree(url: string): Promise<boolean> {
  const server = createServer()
  const port = Number(new URL(url).port)
  const got = await listenOnNextPort(server, port)
  await new Promise((resolve) => server.close(resolve))
  return got === port
}

describe('the demo as a process', { timeout: 20_000 }, () => {
  test('says in one line where it is and what it talks to, and serves the page', async () => {
    const { url, lines } = await start({})
    expect(lines).toEqual([
      `The demo is at ${url} and talks to the emulator. Nothing leaves this machine: no account, no key, no cost. Ctrl-C ends it.`,
    ])
    expect(await (await fetch(url)).text()).toContain('<div id="root">')
    expect(await (await fetch(`${url}/api/target`)).json()).toMatchObject({ kind: 'emulator' })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it at once and well, with an answer on its way',
    async (signal) => {
      const { child, url, exit, lines } = await start({})
      const response = await chat(url)
      expect(response.status).toBe(200)
      const reader = response.body!.getReader()
      await reader.read()
      const begun = performance.now()
      child.kill(signal)
      expect(await exit).toBe(0)
      expect(performance.now() - begun).toBeLessThan(1000)
      await expect(drain(reader)).rejects.toThrow('terminated')
      expect(await isFree(url)).toBe(true)
      expect(lines).toHaveLength(1)
    },
  )

  test('takes the next port where its own is taken', async () => {
    const taken = createServer()
    const port = await listenOnNextPort(taken, 0)
    const { url, lines } = await start({ PORT: String(port) })
    taken.close()
    expect(Number(new URL(url).port)).toBeGreaterThan(port)
    expect(lines[0]).toBe(`Port ${port} is taken.`)
  })

  test('tells how to use credentials that it finds', async () => {
    const { lines } = await start({ GOOGLE_APPLICATION_CREDENTIALS: '/nowhere.json' })
    await expect.poll(() => lines).toHaveLength(2)
    expect(lines[1]).toContain('GEMINATE_TARGET=vertex GOOGLE_CLOUD_PROJECT=my-project npx --yes pnpm@12.21.0 start')
  })

  test.each<[string, Record<string, string>, string]>([
    [
      'a target',
      { GEMINATE_TARGET: 'openai' },
      "GEMINATE_TARGET is 'openai'. Use 'emulator' (the default) or 'vertex'.",
    ],
    ['a port', { PORT: 'x' }, 'PORT is no port number.'],
  ])('refuses %s that it does not know, in one sentence', async (_, env, sentence) => {
    const { lines, exit } = await start(env)
    expect(await exit).toBe(1)
    expect(lines).toEqual([sentence])
  })

  test('refuses a location that is none', async () => {
    const { lines, exit } = await start({ GEMINATE_TARGET: 'vertex', GOOGLE_CLOUD_LOCATION: 'evil.example/' })
    expect(await exit).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/location/i)
  })

  test('with Vertex AI and no credentials starts, and tells at once and to each caller what is missing', async () => {
    const { url, lines } = await start({ GEMINATE_TARGET: 'vertex', GOOGLE_CLOUD_PROJECT: 'secret-project' })
    const missing = 'No Google credentials were found. Run: gcloud auth application-default login'
    await expect.poll(() => lines, { timeout: 10_000 }).toHaveLength(2)
    expect(lines[0]).toContain('talks to Vertex AI')
    expect(lines[1]).toBe(`It cannot answer yet. ${missing}`)
    expect(await (await fetch(`${url}/api/target`)).text()).not.toContain('secret-project')
    const response = await chat(url)
    expect(await response.json()).toEqual({
      error: {
        code: 503,
        status: 'NO_CREDENTIALS',
        message: missing,
      },
    })
  })
})

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}
