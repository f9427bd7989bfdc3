import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { formatRatio, formatTable, interleave, quartiles, ratiosToFloor } from '../rounds.ts'
import { WORD, candidates } from './candidates.ts'
import type { Candidate } from './candidates.ts'
import { WORKER, ask, withServer, withWorkers } from './children.ts'
import type { Server } from './children.ts'
import type { Answers } from './worker.ts'

const CHUNKS = 5000
const CHARS = CHUNKS * WORD.length
const CONCURRENCY = 64
const STREAMS = 1000
/** At a chunk each 50 ms, 4 s. */
const PACED_CHUNKS = 80
/** Of a stream before them. */
const FIRST_CHUNKS = 50
/** Opening so many connections is not what is measured. */
const SKIP_MS = 1800
const ROW = 12
const WARM_UP = 2
/** They take 6 s each. */
const MAX_PACED_ROUNDS = 3

const GOALS = { plainCpu: 1.5, addedP99Ms: 3, grown: 1.3, connections: 2, importMs: 20, firstRequestMs: 200 }

type Measure = (server: Server, rounds: number) => Promise<string>

/** The measures by name, in the order in which they are run. */
export const measures: Record<string, Measure> = {
  stream: measureStream,
  plain: measurePlain,
  paced: measurePaced,
  connections: measureConnections,
  start: measureStart,
}

/** Runs the measures that are named, all by default; `onTable` gets each as soon as it is there. */
export async function runTransportSuite(
  { rounds, only }: { rounds: number; only?: string | undefined },
  onTable: (table: string) => void,
): Promise<void> {
  await withServer(async (server) => {
    for (const [name, measure] of Object.entries(measures)) {
      if (only === undefined || only === name) onTable(await measure(server, rounds))
    }
  })
}

async function measureStream({ url }: Server, rounds: number): Promise<string> {
  const samples = await withWorkers(candidates, (workers) =>
    interleave(candidates.length, rounds, WARM_UP, (at) =>
      ask(workers[at]!, { kind: 'stream', url: `${url}/burst-${CHUNKS}`, ms: 150, chars: CHARS }),
    ),
  )
  const cpu = samples.map((list) => list.map(({ cpuUs, count }) => cpuUs / count / CHUNKS))
  const wall = samples.map((list) => list.map(({ ms, count }) => (ms * 1000) / count / CHUNKS))
  const ratios = ratiosToFloor(cpu)
  return titled(`One stream of ${CHUNKS} chunks, as fast as it can be had`, [
    ['', 'client CPU µs/chunk', 'ratio to the floor', 'wall µs/chunk', 'goal', 'met'],
    ...candidates.map(({ name, streamGoal }, at) => [
      name,
      fixed(quartiles(cpu[at]!).median, 2),
      formatRatio(ratios[at]!),
      fixed(quartiles(wall[at]!).median, 2),
      ...goal(streamGoal, '×', ratios[at]!.median),
    ]),
  ])
}

async function measurePlain({ url }: Server, rounds: number): Promise<string> {
  const list = candidates.filter(({ onlyStreams }) => !onlyStreams)
  const samples = await withWorkers(list, (workers) =>
    interleave(list.length, rounds, WARM_UP, (at) =>
      ask(workers[at]!, { kind: 'plain', url: `${url}/plain`, ms: 300, concurrency: CONCURRENCY }),
    ),
  )
  const cpu = samples.map((of) => of.map(({ cpuUs, count }) => cpuUs / count))
  const rate = samples.map((of) => of.map(({ ms, count }) => (count * 1000) / ms))
  const [cpuRatios, rateRatios] = [ratiosToFloor(cpu), ratiosToFloor(rate)]
  return titled(`Plain calls, ${CONCURRENCY} at a time, on connections that are kept`, [
    ['', 'calls/s', 'ratio', 'client CPU µs/call', 'ratio to the floor', 'goal', 'met'],
    ...list.map(({ name, streamGoal }, at) => [
      name,
      fixed(quartiles(rate[at]!).median, 0),
      formatRatio(rateRatios[at]!),
      fixed(quartiles(cpu[at]!).median, 0),
      formatRatio(cpuRatios[at]!),
      ...goal(streamGoal && GOALS.plainCpu, '×', cpuRatios[at]!.median),
    ]),
  ])
}

/** A new process for each run: what one has grown by does not shrink. */
async function measurePaced({ url }: Server, rounds: number): Promise<string> {
  const list = candidates.filter(({ atEnd }) => !atEnd)
  const urls = { url: `${url}/paced-${PACED_CHUNKS}`, first: `${url}/burst-${FIRST_CHUNKS}` }
  const order = { kind: 'paced' as const, ...urls, streams: STREAMS, skipMs: SKIP_MS }
  const samples = await interleave(list.length, Math.min(rounds, MAX_PACED_ROUNDS), 0, (at) =>
    withWorkers([list[at]!], ([worker]) => ask(worker!, order)),
  )
  const least = samples.map((of) => Math.min(...of.map(({ p99 }) => p99)))
  const grown = ratiosToFloor(samples.map((of) => of.map(({ grownMb }) => grownMb)))
  return titled(
    `${STREAMS} streams at once, a chunk each 50 ms: from the server's write to the client's callback, ms; the p99 that counts is that of the least disturbed round`,
    [
      ['', 'p50', 'p99', 'least p99', 'added', 'max', 'grown by MB', 'ratio to the floor', 'texts', 'goal', 'met'],
      ...list.map(({ name, streamGoal }, at) => {
        const of = (key: keyof Answers['paced'], digits: number): string =>
          fixed(quartiles(samples[at]!.map((one) => one[key])).median, digits)
        const added = least[at]! - least[0]!
        const met = yesOrNo(added <= GOALS.addedP99Ms && grown[at]!.median <= GOALS.grown)
        return [
          name,
          of('p50', 2),
          of('p99', 2),
          fixed(least[at]!, 2),
          fixed(added, 2),
          of('max', 1),
          of('grownMb', 0),
          formatRatio(grown[at]!),
          of('count', 0),
          ...(streamGoal ? [`+${GOALS.addedP99Ms} ms, ${GOALS.grown}×`, met] : ['', '']),
        ]
      }),
    ],
  )
}

async function measureConnections({ url, connections }: Server): Promise<string> {
  const rows: string[][] = []
  for (const candidate of candidates) {
    const before = await connections()
    await withWorkers([candidate], ([worker]) => ask(worker!, { kind: 'row', url: `${url}/burst-50`, times: ROW }))
    const opened = (await connections()) - before
    rows.push([candidate.name, String(opened), ...goal(candidate.streamGoal && GOALS.connections, '', opened)])
  }
  return titled(`${ROW} streams in a row`, [['', 'connections', 'goal', 'met'], ...rows])
}

/**
 * From the start of a process to its end, the empty one first. What imports alone cost is over a process that does nothing
 * at all; a first request is over one that has the bench's own files, too.
 */
async function measureStart({ url }: Server, rounds: number): Promise<string> {
  const list: (Candidate | undefined)[] = [undefined, ...candidates.filter(({ onlyStreams }) => !onlyStreams)]
  const time = async (candidate: Candidate | undefined, what: string): Promise<number> => {
    const start = performance.now()
    const at = candidate ? candidates.indexOf(candidate) : -1
    const imports = (candidate?.packages ?? []).map((name) => `import '${name}'`).join('\n')
    const args = what === 'import' ? ['--input-type=module', '-e', imports] : [WORKER, String(at), `${url}/plain`]
    const child = spawn(process.execPath, args, { stdio: 'inherit', cwd: new URL('.', import.meta.url) })
    const [code] = (await once(child, 'exit')) as [number]
    if (code !== 0) throw new Error(`${candidate?.name} ended with ${code}.`)
    return performance.now() - start
  }
  const over = async (what: string): Promise<number[]> => {
    const samples = await interleave(list.length, rounds, 1, (at) => time(list[at], what))
    return samples.map((times) => quartiles(times.map((ms, round) => ms - samples[0]![round]!)).median)
  }
  const [imports, firsts] = [await over('import'), await over('first-request')]
  return titled('Over an empty process, ms', [
    ['', 'import', 'goal', 'met', 'import and first request', 'goal', 'met'],
    ...list.slice(1).map((candidate, index) => {
      const { name = '', streamGoal } = candidate ?? {}
      const [imported, first] = [imports[index + 1]!, firsts[index + 1]!]
      return [
        name,
        fixed(imported, 1),
        ...goal(streamGoal && GOALS.importMs, ' ms', imported),
        fixed(first, 1),
        ...goal(streamGoal && GOALS.firstRequestMs, ' ms', first),
      ]
    }),
  ])
}

function titled(title: string, rows: string[][]): string {
  return `### ${title}\n\n${formatTable(rows)}\n`
}

/** A goal and whether it is met; nothing where there is none. */
function goal(limit: number | undefined, unit: string, value: number): string[] {
  return limit ? [`${limit}${unit}`, yesOrNo(value <= limit)] : ['', '']
}

function yesOrNo(met: boolean): string {
  return met ? 'yes' : 'no'
}

function fixed(value: number, digits: number): string {
  return value.toFixed(digits)
}
