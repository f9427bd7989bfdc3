import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { askWorker } from '../ask-worker.ts'
import { candidates } from './candidates.ts'
import type { Candidate } from './candidates.ts'
import type { Answers, Order } from './worker.ts'

/** The server process: where it listens, and how many connections it has had. */
export type Server = { url: string; connections: () => Promise<number> }

export const WORKER = new URL('worker.ts', import.meta.url).pathname

/** Starts the server, and ends it after use. */
export async function withServer<T>(use: (server: Server) => Promise<T>): Promise<T> {
  const child = fork(new URL('server.ts', import.meta.url), { execArgv: [] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const connections = async (): Promise<number> => (await askWorker<{ connections: number }>(child, {})).connections
  try {
    return await use({ url: `http://127.0.0.1:${port}`, connections })
  } finally {
    child.kill()
  }
}

/** A process for each candidate, its library loaded. */
export async function withWorkers<T>(
  list: Candidate[],
  use: (workers: ChildProcess[]) => Promise<T>,
  execArgv: string[] = process.execArgv,
): Promise<T> {
  const workers = list.map((one) => fork(WORKER, [String(candidates.indexOf(one))], { execArgv }))
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')))
    return await use(workers)
  } finally {
    for (const worker of workers) worker.kill()
  }
}

export function ask<K extends Order['kind']>(worker: ChildProcess, order: Order & { kind: K }): Promise<Answers[K]> {
  return askWorker(worker, order)
}
