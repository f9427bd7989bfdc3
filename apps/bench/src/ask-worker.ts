import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Sends an order to a worker and gives its answer; rejects when it ends, or takes longer than `timeoutMs`. */
export async function askWorker<T>(worker: ChildProcess, order: object, timeoutMs = 120_000): Promise<T> {
  const abort = new AbortController()
  const leave = (): void => abort.abort(new Error('The worker ended.'))
  const timer = setTimeout(() => abort.abort(new Error('The worker took too long.')), timeoutMs)
  worker.once('exit', leave)
  try {
    worker.send(order)
    const [answer] = (await once(worker, 'message', { signal: abort.signal })) as [T]
    return answer
  } finally {
    clearTimeout(timer)
    worker.off('exit', leave)
  }
}
