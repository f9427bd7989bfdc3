import type { Token } from '@geminate/core'
import { expect } from 'vitest'
import { createDiagnosis } from '../src/diagnose/diagnose.ts'
import type { DiagnoseOptions, Surroundings } from '../src/diagnose/diagnose.ts'
import type { Check, Diagnosis, Finding } from '../src/diagnose/diagnosis.ts'
import { foundCredentials } from '../src/found-credentials/node.ts'

/** A token that nothing may repeat. */
export const CANARY = 'ya29.canary-token'
export const NOW: number = Date.parse('Wed, 25 Nov 2026 12:00:00 GMT')
export const DATE = { date: 'Wed, 25 Nov 2026 12:00:01 GMT' } as const

/** The checks that no answer is needed for. */
export const BEFORE: Check[] = ['options', 'credentials', 'token']

export type Given = {
  options?: DiagnoseOptions
  surroundings?: Partial<Surroundings>
  defaults?: Partial<Surroundings['defaults']>
}

export type Diagnosed = Diagnosis & { requests: Request[]; last: Finding; checks: Check[] }

/** A diagnosis of an endpoint that a test answers for, with default credentials whose token is a canary. */
export async function diagnosed(
  answer: (request: Request) => Response | Promise<Response>,
  given: Given = {},
): Promise<Diagnosed> {
  const { auth, apiKey } = given.options ?? {}
  const requests: Request[] = []
  const found = await createDiagnosis(
    {
      project: 'my-project',
      now: () => NOW,
      fetch: async (request) => {
        requests.push(request.clone())
        return answer(request)
      },
      ...given.options,
    },
    {
      credentials: () =>
        (auth ?? apiKey) == null
          ? { kind: 'user', says: "The file of gcloud holds a user's login." }
          : foundCredentials({ auth, apiKey }),
      hasProxy: false,
      ...given.surroundings,
      defaults: {
        location: 'global',
        auth: () => Promise.resolve<Token>({ token: CANARY, expiresAt: Infinity }),
        project: undefined,
        findProject: () => Promise.resolve('found-project'),
        ...given.defaults,
      },
    },
  )
  expect(JSON.stringify(found)).not.toContain(CANARY)
  for (const { says } of found.findings) expect(says).toMatch(/^['`A-Z].*\.$/)
  return {
    ...found,
    requests,
    last: found.findings.at(-1) as Finding,
    checks: found.findings.map(({ check }) => check),
  }
}

/** An error of Google's, as the endpoint words it. It repeats the token, as no answer should. */
export function refusal(
  code: number,
  status: string,
  message: string,
  reason?: string | { reason: string; metadata: Record<string, string> },
  headers: Record<string, string> = DATE,
): () => Response {
  const info = typeof reason === 'string' ? { reason } : reason
  const details = info ? [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', ...info }] : []
  const error = { code, status, message: `${message} ${CANARY}`, details }
  return () => Response.json([{ error }], { status: code, headers })
}

/** What the endpoint says to a probe where all is well. */
export const emptyText: () => Response = refusal(
  400,
  'INVALID_ARGUMENT',
  'Unable to submit request because it has an empty text parameter.',
)
