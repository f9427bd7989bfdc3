import type { Asked, Blame, Check, Finding } from './diagnosis.ts'

/** What is known besides what is to blame. */
type Known = Pick<Asked, 'model' | 'project' | 'isVertex'> & {
  /** The wall clock. */
  now: number
  /** The server's clock, as it came. */
  date: string | null
}

const SKEW_MS = 30_000

/** What only an answer of Vertex AI says something about. */
const OF_VERTEX: ReadonlySet<Check> = new Set(['project', 'api', 'billing', 'role'])

/** What an answer has proved up to the check that is to blame, or that all is well. */
export function* toAnswerFindings(blame: Blame | undefined, known: Known): Generator<Finding> {
  const { model, project, isVertex } = known
  const proved: [Check, string?][] = [
    ['host', 'The endpoint answers.'],
    ['request'],
    ['access', 'The endpoint accepts the credentials.'],
    ['project', project === undefined ? 'The project can be used.' : `The project is '${project}'.`],
    ['api', 'The Vertex AI API is switched on.'],
    ['billing', 'Billing is on.'],
    ['role', 'The caller may call models.'],
    ['model', model === undefined ? 'The model answers.' : `The model '${model.slice(0, 80)}' is served there.`],
    ['quota', 'The quota is not used up.'],
  ]
  for (const [check, says] of proved) {
    if (blame?.check === check) {
      yield { ...blame, ok: false }
      return
    }
    if (says !== undefined && (isVertex || !OF_VERTEX.has(check))) yield { check, ok: true, says }
    if (isVertex && check === 'host') yield* toClockFindings(known)
  }
}

/** A clock that is wrong is told besides what comes of it. */
function toClockFindings({ now, date }: Known): Finding[] {
  // oxlint-disable-next-line no-restricted-globals -- it reads no clock
  const skewMs = now - Date.parse(date ?? '')
  if (Number.isNaN(skewMs)) return []
  if (Math.abs(skewMs) <= SKEW_MS) return [{ check: 'clock', ok: true, says: "This machine's clock is right." }]
  const told = `${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs < 0 ? 'behind' : 'ahead of'}`
  return [{ check: 'clock', ok: false, says: `This machine's clock is ${told} Google's. Let the system set it.` }]
}
