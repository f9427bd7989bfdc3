/**
 * Holds core to its sizes: minified, gzipped, and only what an import of these names brings with it.
 */
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const KIB = 1024

const budgets = [
  { what: 'SSE parser', names: 'createSseParser', limit: 2 * KIB },
  {
    what: 'reader, fold and views',
    names: 'createChunkReader, createFold, textOf, thoughtsOf, toolCallsOf',
    limit: 5.5 * KIB,
  },
  { what: 'core', names: '*', limit: 10 * KIB },
]

async function sizeOf(names: string): Promise<number> {
  const entry = `export ${names === '*' ? names : `{ ${names} }`} from './packages/core/dist/index.js'`
  const bundle = await rolldown({
    input: 'entry',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? `${process.cwd()}/entry.js` : undefined),
        load: (id) => (id.endsWith('/entry.js') ? entry : undefined),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  return gzipSync(output[0].code, { level: 9 }).length
}

let isOver = false
for (const { what, names, limit } of budgets) {
  const size = await sizeOf(names)
  isOver ||= size > limit
  console.log(`${what}: ${size} of ${limit} bytes${size > limit ? ', TOO MUCH' : ''}`)
}
process.exit(isOver ? 1 : 0)
