/**
 * One candidate in a process of its own, which takes orders; with a URL, one that makes a single plain call. Without a
 * candidate nothing is called.
 */
import process from 'node:process'
import { quartiles } from '../rounds.ts'
import { candidates, sharedClock } from './candidates.ts'

export type Order =
  /** Streams of `chars` in all, one after the other, until `ms` have passed. */
  | { kind: 'stream'; url: string; ms: number; chars: number }
  /** Plain calls, `concurrency` at a time, until `ms` have passed. */
  | { kind: 'plain'; url: string; ms: number; concurrency: number }
  /**
   * `streams` at once, of whose texts those are timed that were sent after `skipMs`. `first` is a stream before them: it
   * loads what only the first call loads, and code that has never seen a stream end is not compiled for one.
   */
  | { kind: 'paced'; url: string; first: string; streams: number; skipMs: number }
  /** `times` streams in a row. */
  | { kind: 'row'; url: string; times: number }
  /** The text of one stream, and of one plain answer. */
  | { kind: 'check'; stream: string; plain: string }

export type Answers = {
  /** `count` streams or calls, what they cost and how long they took. */
  stream: { cpuUs: number; count: number; ms: number }
  plain: { cpuUs: number; count: number; ms: number }
  /** Milliseconds from the server's write to the callback; megabytes that the process has grown by. */
  paced: { p50: number; p99: number; max: number; grownMb: number; count: number }
  row: object
  check: { stream: string; plain: string }
}

type Client = ReturnType<Awaited<ReturnType<(typeof candidates)[0]['load']>>>
type Connect = (url: string) => Client

const [, , index, url] = process.argv
const load = candidates[Number(index ?? -1)]?.load

if (url === undefined) {
  const connect = await load!()
  const clients = new Map<string, Client>()
  const connectOnce: Connect = (to) => clients.get(to) ?? clients.set(to, connect(to)).get(to)!
  process.on('message', (order: Order) => void run(order, connectOnce).then((answer) => process.send?.(answer)))
  process.send?.('ready')
} else {
  // Timed from outside, from start to end.
  await (await load?.())?.(url).plain()
  process.exit()
}

async function run(order: Order, connect: Connect): Promise<Answers[Order['kind']]> {
  if (order.kind === 'stream') return runStream(order, connect)
  if (order.kind === 'plain') return runPlain(order, connect)
  if (order.kind === 'paced') return runPaced(order, connect)
  if (order.kind === 'row') return runRow(order, connect)
  return check(order, connect)
}

async function runStream({ url, ms, chars }: Order & { kind: 'stream' }, connect: Connect): Promise<Answers['stream']> {
  const client = connect(url)
  return timed(ms, 1, async () => {
    let got = 0
    await client.stream((text) => (got += text.length))
    if (got !== chars) throw new Error(`${got} of ${chars} characters came.`)
  })
}

function runPlain({ url, ms, concurrency }: Order & { kind: 'plain' }, connect: Connect): Promise<Answers['plain']> {
  const client = connect(url)
  return timed(ms, concurrency, () => client.plain())
}

/** Repeats `work`, so many times at once, until `ms` have passed. */
async function timed(ms: number, concurrency: number, work: () => Promise<unknown>): Promise<Answers['plain']> {
  const start = performance.now()
  const cpu = process.cpuUsage()
  let count = 0
  async function repeat(): Promise<void> {
    do {
      await work()
      count += 1
    } while (performance.now() - start < ms)
  }
  await Promise.all(Array.from({ length: concurrency }, repeat))
  const { user, system } = process.cpuUsage(cpu)
  return { cpuUs: user + system, count, ms: performance.now() - start }
}

async function runPaced(
  { url, first, streams, skipMs }: Order & { kind: 'paced' },
  connect: Connect,
): Promise<Answers['paced']> {
  await connect(first).stream(() => undefined)
  const client = connect(url)
  const before = process.memoryUsage.rss()
  const from = sharedClock() + skipMs
  const latencies: number[] = []
  const onText = (text: string): void => {
    const now = sharedClock()
    for (const sent of text.split(' ').map(Number)) if (sent > from) latencies.push(now - sent)
  }
  await Promise.all(Array.from({ length: streams }, () => client.stream(onText)))
  const sorted = latencies.sort((a, b) => a - b)
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN
  const grownMb = (process.resourceUsage().maxRSS * 1024 - before) / 1e6
  return { p50: quartiles(sorted).median, p99: at(0.99), max: at(1), grownMb, count: sorted.length }
}

async function runRow({ url, times }: Order & { kind: 'row' }, connect: Connect): Promise<object> {
  const client = connect(url)
  for (let time = 0; time < times; time += 1) await client.stream(() => undefined)
  return {}
}

async function check({ stream, plain }: Order & { kind: 'check' }, connect: Connect): Promise<Answers['check']> {
  const texts: string[] = []
  await connect(stream).stream((text) => texts.push(text))
  return { stream: texts.join(''), plain: await connect(plain).plain() }
}
