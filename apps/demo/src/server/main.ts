import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { credentialsHint } from './credentials-hint.ts'
import { createDemoTarget } from './demo-target.ts'
import { startDemo } from './start-demo.ts'

const pageDir = join(import.meta.dirname, '../../dist')

async function main(): Promise<void> {
  const { env, platform } = process
  const wanted = Number(env['PORT'] || 4321)
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) throw new Error('PORT is no port number.')
  if (!existsSync(join(pageDir, 'index.html'))) throw new Error('The page has not been built. Run: pnpm build')
  const target = await createDemoTarget(env['GEMINATE_TARGET'])
  const demo = await startDemo({ target, port: wanted, pageDir })

  const { kind, name, note } = target.info
  if (wanted !== 0 && demo.port !== wanted) console.log(`Port ${wanted} is taken.`)
  console.log(
    `The demo is at ${demo.url} and talks to ${kind === 'emulator' ? 'the emulator' : name}. ${note} Ctrl-C ends it.`,
  )
  const hint = kind === 'emulator' && credentialsHint({ env, platform, homeDir: homedir(), exists: existsSync })
  if (hint) console.log(hint)

  function end(): void {
    void demo.close().finally(() => process.exit(0))
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)

  const missing = await target.checkSetUp?.().catch(() => undefined)
  if (missing) console.log(`It cannot answer yet. ${missing}`)
}

try {
  await main()
} catch (error) {
  // What stops the start is told in a sentence; where it lies in the code helps nobody who wants to run it.
  console.error(error instanceof Error ? error.message : 'The demo could not start.')
  process.exit(1)
}
