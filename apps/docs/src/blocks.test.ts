import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { blockFile, blocks } from './blocks.ts'
import { createGoogle } from './google.ts'

const ROOT = new URL('../../../', import.meta.url).pathname
const { packageManager, scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  packageManager: string
  scripts: Record<string, string>
}
const of = (language: string) => blocks().filter((block) => block.language === language)

describe('TypeScript', () => {
  const google = createGoogle()
  beforeAll(() => google.enable())
  afterAll(() => google.disable())

  test.each(of('ts').map((block) => [`${block.file}:${block.line}`, block] as const))(
    '%s runs and says something',
    async (_, block) => {
      const said: string[] = []
      const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
      const log = vi.spyOn(console, 'log').mockImplementation((...values) => void said.push(values.join(' ')))
      const run = async () => {
        await import(/* @vite-ignore */ new URL(`../${blockFile(block)}`, import.meta.url).pathname)
      }
      try {
        await (block.code.includes('@geminate/emulator/faults') ? google.apart(run) : run())
      } finally {
        write.mockRestore()
        log.mockRestore()
      }
      expect(said.join('')).not.toBe('')
    },
  )
})

describe('commands', () => {
  const commands = of('sh').flatMap(({ file, code }) =>
    code
      .split('\n')
      .flatMap((line) => (line.trim() === '' ? [] : [[file, line.replace(/\s+#.*$/, '').trim()] as const])),
  )

  test.each(commands)('%s: %s names what exists', (_, command) => {
    const { runner, script } =
      /^(?:[A-Z_]+=\S+ )*(?<runner>npx --yes pnpm@[\d.]+|pnpm) (?:run )?(?<script>[\w-]+)\b/.exec(command)?.groups ?? {}
    if (runner?.startsWith('npx')) expect(runner).toBe(`npx --yes ${packageManager}`)
    if (script === 'install' || script === 'add') return
    if (script === undefined) expect(KNOWN_OTHERS).toContain(command.split(' ')[0])
    else expect(Object.keys(scripts)).toContain(script)
  })

  /** Programs that the READMEs may tell a reader to run besides ours. */
  const KNOWN_OTHERS = ['git', 'curl', 'gcloud', 'geminate-emulator', 'npm']

  test('continuous integration runs the test command of the README', () => {
    const [testCommand] = commands.map(([, command]) => command).filter((command) => command.endsWith(' test'))
    expect(readFileSync(`${ROOT}.ci/run`, 'utf8')).toContain(testCommand)
  })
})

test('every block has a language that is checked here', () => {
  expect(blocks().filter(({ language }) => !['ts', 'sh', 'json', 'text'].includes(language))).toEqual([])
})
