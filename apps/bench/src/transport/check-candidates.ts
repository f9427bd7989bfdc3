import { PLAIN_TEXT, WORD, candidates } from './candidates.ts'
import { ask, withServer, withWorkers } from './children.ts'

/** What each candidate makes of a stream of 100 chunks and of a plain answer; no time is measured. */
export async function checkCandidates(
  execArgv?: string[],
): Promise<{ name: string; stream: boolean; plain: boolean }[]> {
  return withServer(async ({ url }) => {
    const checks = candidates.map(async (candidate) => {
      const order = { kind: 'check' as const, stream: `${url}/burst-100`, plain: `${url}/plain` }
      const { stream, plain } = await withWorkers([candidate], ([worker]) => ask(worker!, order), execArgv)
      return { name: candidate.name, stream: stream === WORD.repeat(100), plain: plain === PLAIN_TEXT }
    })
    return Promise.all(checks)
  })
}
