import { parseArgs } from 'node:util'
import { runCoreSuite } from './core/suite.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '15' }, ms: { type: 'string', default: '100' } },
})
const options = { rounds: Number(values.rounds), ms: Number(values.ms) }

if (positionals.join() !== 'core' || !(options.rounds > 0) || !(options.ms > 0)) {
  console.error('Usage: pnpm bench core [--rounds 15] [--ms 100]')
  process.exitCode = 2
} else {
  console.log(`Node ${process.version}, ${options.rounds} rounds of ${options.ms} ms each\n`)
  console.log(await runCoreSuite(options))
}
