import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { runSlowBytesSuite } from './core/slow-bytes.ts'
import { runCoreSuite } from './core/suite.ts'
import { measures, runTransportSuite } from './transport/suite.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    ms: { type: 'string', default: '100' },
    only: { type: 'string' },
  },
})
const suite = positionals.join()
const { only } = values
const ms = Number(values.ms)
const rounds = Number(values.rounds ?? (suite === 'core' ? 15 : 9))
const known = suite === 'core' || (suite === 'transport' && (only === undefined || Object.hasOwn(measures, only)))

if (!known || !(rounds > 0) || !(ms > 0)) {
  console.error(`Usage: pnpm bench core [--rounds 15] [--ms 100]
       pnpm bench transport [--rounds 9] [--only ${Object.keys(measures).join('|')}]`)
  process.exitCode = 2
} else {
  console.log(`Node ${process.version}, ${availableParallelism()} cores, ${rounds} rounds\n`)
  if (suite === 'core') {
    console.log(`${await runCoreSuite({ rounds, ms })}

Slow bytes, in reads of 64 KiB where nothing else is said: the time, and its factor when they are doubled

${await runSlowBytesSuite()}`)
  } else await runTransportSuite({ rounds, only }, console.log)
}
