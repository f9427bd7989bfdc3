import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { blocks } from './blocks.ts'

const ROOT = new URL('../../../', import.meta.url).pathname

test('the start command serves the page, and Ctrl-C ends all that it started', { timeout: 60_000 }, async () => {
  const readme = blocks().filter(({ file, language }) => file === 'README.md' && language === 'sh')
  const line = readme.flatMap(({ code }) => code.split('\n')).find((command) => / start(?:\s|$)/.test(command)) ?? ''
  // The pnpm that runs this test is the one that the line would fetch.
  const command = line.replace(/\s+#.*$/, '').replace(/^npx --yes pnpm@[\d.]+/, 'pnpm')
  expect(command).toBe('pnpm start')

  // A group of its own is what a terminal gives a command: Ctrl-C goes to all of it.
  const started = spawn('pnpm', ['start'], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(started, 'close')
  let output = ''
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()))
  const address = () => /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(output)?.[0]
  await expect.poll(address, { timeout: 50_000, message: 'an address' }).toBeDefined()

  const url = address() ?? ''
  const page = await fetch(url)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<html')

  process.kill(-(started.pid ?? 0), 'SIGINT')
  await ended
  await expect(fetch(url)).rejects.toThrow()
})
