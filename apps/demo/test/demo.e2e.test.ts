import process from 'node:process'
import { GeminateError } from '@geminate/core'
import { managed } from '@geminate/transport-managed'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createEmulatorTarget } from '../src/server/demo-target.ts'
import type { DemoTarget } from '../src/server/demo-target.ts'
import { startDemo } from '../src/server/start-demo.ts'
import type { Demo } from '../src/server/start-demo.ts'
import { ensurePage } from './ensure-page.ts'
import { browserArgs, findBrowser, thisMachine } from './find-browser.ts'
import { createScriptedTarget, toEvents, toStreamResponse } from './scripted-target.ts'

const executablePath = await findBrowser()
const missing = executablePath ? '' : ': there is no Chromium, set CHROMIUM_PATH to one'
if (missing && process.env['CI']) throw new Error(`The browser tests cannot run${missing}.`)

const story = 'Write a story about a magic backpack.'

let browser: Browser
let pageDir: string
const open: { close(): Promise<void> }[] = []

/** What a page did that nobody sees: to be nothing but talking to its own server. */
type Watched = { page: Page; demo: Demo; complaints: string[]; requests: { url: string; body: string | null }[] }

async function visit(target: DemoTarget, options: BrowserContextOptions = {}): Promise<Watched> {
  const demo = await startDemo({ target, port: 0, pageDir })
  const context = await browser.newContext(options)
  open.push(context, demo)
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: Watched['requests'] = []
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('request', (request) => requests.push({ url: request.url(), body: request.postData() }))
  await page.goto(demo.url)
  await page.locator('.suggestion:enabled').first().waitFor()
  return { page, demo, complaints, requests }
}

async function ask(page: Page, prompt: string): Promise<void> {
  await page.getByLabel('Your prompt').fill(prompt)
  await page.keyboard.press('Enter')
}

const answer = '.answer > .markdown'
const sendable = 'button:has-text("Send")'

async function finished(page: Page): Promise<void> {
  await page.locator(sendable).waitFor({ timeout: 30_000 })
}

async function chooseModel(page: Page, model: string): Promise<void> {
  await page.getByLabel('Model', { exact: true }).selectOption({ label: 'Another model…' })
  await page.getByLabel('Model id').fill(model)
}

beforeAll(async () => {
  if (!executablePath) return
  pageDir = await ensurePage()
  browser = await chromium.launch({ executablePath, args: browserArgs })
}, 60_000)

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
afterAll(() => browser?.close())

describe.skipIf(missing !== '')(`the page in a browser${missing}`, { timeout: 40_000 }, () => {
  test('streams an answer, with its thoughts folded away, and goes on with the next', async () => {
    const { page, demo, complaints, requests } = await visit(await createEmulatorTarget({ chunkDelayMs: 30 }))
    expect(await page.locator('.badge').textContent()).toBe('Emulator – nothing leaves this machine')

    await ask(page, story)
    await page.locator(answer).waitFor()
    const lengths: number[] = []
    while (!(await page.locator(sendable).isVisible())) {
      lengths.push((await page.locator(answer).innerText()).length)
      await page.waitForTimeout(25)
    }
    expect(lengths.filter((length, at) => length > (lengths[at - 1] ?? 0)).length).toBeGreaterThan(5)

    const thoughts = page.locator('.thoughts-body')
    expect(await thoughts.isVisible()).toBe(false)
    await page.locator('.thoughts summary').click()
    const thought = (await thoughts.innerText()).trim()
    const text = await page.locator(answer).innerText()
    expect(thought.length).toBeGreaterThan(20)
    expect(text).not.toContain(thought.slice(0, 20))
    expect(`${thought}${text}`).not.toMatch(/<\/?think>/)
    expect(await page.locator('.usage').innerText()).toMatch(
      /Prompt\s*\d+\s*Thinking\s*\d+\s*Answer\s*\d+\s*Total\s*\d+/,
    )

    await ask(page, 'And then?')
    await page.locator('.turn').nth(1).locator('.answer-foot').waitFor({ timeout: 30_000 })
    const sent = requests.flatMap(({ body }) => (body === null ? [] : [JSON.parse(body) as { messages: unknown[] }]))
    expect(sent[1]?.messages).toHaveLength(3)
    expect(sent[1]?.messages[1]).toMatchObject({
      role: 'assistant',
      content: expect.stringMatching(/^<think>[^]+<\/think>/),
    })

    await page.getByRole('button', { name: 'New chat' }).click()
    expect(await page.locator('.turn').count()).toBe(0)
    expect(complaints).toEqual([])
    expect(requests.filter(({ url }) => new URL(url).origin !== demo.url)).toEqual([])
  })

  test('stops an answer at once, all the way to the model', async () => {
    const exchanges: { outcome: string; at: number }[] = []
    const target = await createEmulatorTarget({
      chunkDelayMs: 100,
      onExchange: ({ outcome }) => exchanges.push({ outcome, at: Date.now() }),
    })
    const { page, complaints } = await visit(target)
    await ask(page, story)
    await page.locator(answer).waitFor()
    // Noted where it happens: the test's own way to the browser is not what is measured.
    const clicked = page.evaluate(
      () =>
        new Promise<number>((resolve) =>
          addEventListener('click', () => resolve(Date.now()), { capture: true, once: true }),
        ),
    )
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => exchanges, { interval: 5 }).toHaveLength(1)
    expect(exchanges[0]?.outcome).toBe('closed')
    expect(exchanges[0]!.at - (await clicked)).toBeLessThan(200)

    await finished(page)
    expect(await page.locator('.remark').innerText()).toContain('Stopped.')
    expect((await page.locator(answer).innerText()).length).toBeGreaterThan(0)
    expect(await page.locator('.notice').count()).toBe(0)
    expect(complaints).toEqual([])

    await ask(page, 'Go on.')
    await page.locator('.turn').nth(1).locator('.answer-foot').waitFor({ timeout: 30_000 })
  })

  test('tells an error of the model in words, and asks again with another', async () => {
    const { page, complaints } = await visit(await createEmulatorTarget({ chunkDelayMs: 1 }))
    await chooseModel(page, 'google/gemini-nope')
    await ask(page, story)
    const notice = page.locator('.notice')
    await notice.waitFor()
    expect(await notice.innerText()).toMatch(/404 NOT_FOUND/)
    expect(await notice.innerText()).not.toMatch(/\bat .*:\d+|\.[jt]s\b|Error:|[{}]/)
    // The browser itself notes every answer of 404.
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([])

    await chooseModel(page, 'google/gemini-2.5-flash')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.answer-foot').waitFor({ timeout: 30_000 })
    expect(await page.locator('.turn').count()).toBe(1)
    expect(await notice.count()).toBe(0)
  })

  test('shows JSON as it came', async () => {
    const { page, requests } = await visit(await createEmulatorTarget({ chunkDelayMs: 1 }))
    await page.getByRole('button', { name: 'Ask for JSON' }).click()
    await page.locator('.answer-foot').waitFor({ timeout: 30_000 })
    expect(JSON.parse(await page.locator('.answer .code code').innerText())).toBeTypeOf('object')
    expect(requests.find(({ body }) => body !== null)?.body).toContain('"response_format":{"type":"json_object"}')
  })

  test('tells what is missing where there are no credentials', async () => {
    const message = 'No Google credentials were found. Run: gcloud auth application-default login'
    const { info, transport, close } = createScriptedTarget(() => Promise.reject(new Error('unused')))
    const failing = Object.assign(() => Promise.reject(new GeminateError(message, { code: 'auth' })), transport)
    const vertex = { ...info, kind: 'vertex' as const, name: 'Vertex AI' }
    const { page } = await visit({ info: vertex, transport: failing, close })
    expect(await page.locator('.badge').textContent()).toBe('Vertex AI')
    await ask(page, story)
    await page.locator('.notice').waitFor()
    expect(await page.locator('.notice p').innerText()).toBe(message)
  })

  test('leaves the reader where the reader is', async () => {
    const { page } = await visit(await createEmulatorTarget({ chunkDelayMs: 120 }), {
      viewport: { width: 700, height: 320 },
    })
    const fromEnd = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight - scrollY)
    await ask(page, story)
    await expect.poll(() => page.evaluate(() => scrollY), { timeout: 20_000 }).toBeGreaterThan(60)
    expect(await fromEnd()).toBeLessThan(48)

    await page.mouse.move(300, 150)
    await page.mouse.wheel(0, -20)
    const latest = page.getByRole('button', { name: 'Latest' })
    await latest.waitFor()
    const before = await page.evaluate(() => scrollY)
    const height = () => page.evaluate(() => document.documentElement.scrollHeight)
    const grown = await height()
    await expect.poll(height, { timeout: 20_000 }).toBeGreaterThan(grown)
    expect(await page.evaluate(() => scrollY)).toBe(before)

    await latest.click()
    expect(await fromEnd()).toBeLessThan(48)
    expect(await latest.count()).toBe(0)

    await page.mouse.wheel(0, -20)
    await latest.waitFor()
    await page.getByRole('button', { name: 'New chat' }).click()
    expect(await latest.count()).toBe(0)
  })

  test('is used by keyboard, and fits a narrow screen', async () => {
    const { page } = await visit(await createEmulatorTarget({ chunkDelayMs: 1 }), {
      viewport: { width: 375, height: 700 },
    })
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(await overflow()).toBeLessThanOrEqual(0)
    // The prompt has the focus from the start.
    await page.keyboard.type('One')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('Two')
    await page.keyboard.press('Enter')
    await page.locator('.answer-foot').waitFor({ timeout: 30_000 })
    expect(await page.locator('.prompt').innerText()).toBe('One\nTwo')
    expect(await page.getByLabel('Your prompt').inputValue()).toBe('')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('prompt')
    expect(await overflow()).toBeLessThanOrEqual(0)
  })

  test('runs nothing and loads nothing that an answer holds', async () => {
    const pieces = [
      '<script>window.pwned = 1</script>\n\n<img src="https://evil.example/1" onerror="window.pwned = 1">\n\n',
      '![x](https://evil.example/2) [x](javascript:window.pwned=1) [y](https://good.example)\n\n',
      '<style>@import "https://evil.example/3"</style><iframe src="https://evil.example/4"></iframe>\n\n',
      '| a |\n|:-:|\n| ![](https://evil.example/5) |\n\n```html\n<script>window.pwned = 1</script>\n```\n',
    ]
    const target = createScriptedTarget(() => Promise.resolve(toStreamResponse(toEvents(pieces))))
    const { page, demo, complaints, requests } = await visit(target)
    await ask(page, 'Attack me.')
    await page.locator('.answer-foot').waitFor()
    expect(
      await page.locator('.answer a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    ).toEqual(['https://good.example'])
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
    expect(await page.locator('.answer [style], .answer img, .answer script, .answer iframe').count()).toBe(0)
    expect(requests.filter(({ url }) => new URL(url).origin !== demo.url)).toEqual([])
    expect(complaints).toEqual([])
  })

  test('holds no credential and no project', async () => {
    const target = createScriptedTarget(() => Promise.reject(new Error('unused')))
    const transport = managed({
      project: 'canary-project',
      auth: 'canary-token',
      fetch: () => Promise.resolve(toStreamResponse(toEvents(['Hello']))),
    })
    const { page, requests } = await visit({ ...target, transport })
    await ask(page, story)
    await page.locator('.answer-foot').waitFor()
    const urls = new Set(requests.filter(({ body }) => body === null).map(({ url }) => url))
    expect(urls.size).toBeGreaterThanOrEqual(4)
    const texts = await Promise.all([...urls].map(async (url) => (await fetch(url)).text()))
    const headers = await page.evaluate(async () => [...(await fetch('/api/target')).headers].join('\n'))
    for (const text of [...texts, headers, await page.content()]) {
      expect(text).not.toMatch(/canary|emulator-project|ya29\.|AIza|eyJhbG|BEGIN [A-Z ]*PRIVATE KEY/)
    }
  })
})

test.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'on Linux x64, the packaged Chromium shows the page where no other is installed',
  { timeout: 60_000 },
  async () => {
    const packaged = await findBrowser({ ...thisMachine, env: { PATH: '' } })
    const own = await chromium.launch({ executablePath: packaged!, args: browserArgs })
    open.push(own)
    const target = createScriptedTarget(() => Promise.resolve(toStreamResponse(toEvents(['Hello']))))
    const demo = await startDemo({ target, port: 0, pageDir: await ensurePage() })
    open.push(demo)
    const page = await own.newPage()
    await page.goto(demo.url)
    await page.locator('.suggestion:enabled').first().click()
    await page.locator('.answer-foot').waitFor()
    expect(await page.locator(answer).innerText()).toBe('Hello')
  },
)
