import { systemClock } from '@geminate/auth'
import { isGeminateError } from '@geminate/core'
import type { ChatCompletionRequest, GeminateError, Transport } from '@geminate/core'
import type { ResponseEvent } from '@geminate/transport-http'
import type { ManagedOptions } from '../managed-options.ts'
import { createManagedTransport, toTokenSource } from '../managed-transport.ts'
import type { Defaults } from '../managed-transport.ts'
import { blameCall } from './blame-call.ts'
import { blameToken } from './blame-token.ts'
import type { Blame, Check, Diagnosis, Finding } from './diagnosis.ts'
import { createSecrets } from './secrets.ts'
import type { Secrets } from './secrets.ts'
import { toAnswerFindings } from './to-answer-findings.ts'

export type DiagnoseOptions = ManagedOptions & {
  /** The model that is asked for. Default `google/gemini-2.5-flash`. */
  model?: string | undefined
  /** The wall clock, in milliseconds since the epoch. Default: the platform's. */
  now?: (() => number) | undefined
}

/** What only the platform knows. */
export type Surroundings = {
  defaults: Defaults
  /** A sentence that says which credentials were found. */
  credentials: () => string
  /** Whether the environment names a proxy, which calls do not go through. */
  hasProxy: boolean
}

const DEADLINE_MS = 30_000

/** What an answer proves nothing of: where they fail after one, it was a second token that could not be had. */
const UNPROVED: ReadonlySet<Check> = new Set(['options', 'credentials', 'token', 'clock'])

/** What `diagnose` of the Node entry does, with everything of the platform as a parameter. */
export async function createDiagnosis(options: DiagnoseOptions, surroundings: Surroundings): Promise<Diagnosis> {
  const findings: Finding[] = []
  const secrets = createSecrets(options.apiKey)
  for await (const finding of look(options, surroundings, secrets)) {
    findings.push({ ...finding, says: secrets.removedFrom(finding.says) })
  }
  return { ok: findings.every(({ ok }) => ok), findings }
}

/** Looks at one thing after the other, and no further than to the first that fails. */
async function* look(
  options: DiagnoseOptions,
  { defaults, credentials, hasProxy }: Surroundings,
  secrets: Secrets,
): AsyncGenerator<Finding> {
  const { model = 'google/gemini-2.5-flash', now = () => systemClock.now(), apiKey } = options
  const given = secrets.watch(toTokenSource(options.auth))
  const standard = secrets.watch(defaults.auth)
  let answer: ResponseEvent | undefined
  let transport: Transport
  try {
    const onResponse = (event: ResponseEvent): void => void (answer = event)
    const limits = { deadlineMs: options.deadlineMs ?? DEADLINE_MS, retry: { maxAttempts: 1 } }
    transport = createManagedTransport(
      { ...options, ...limits, auth: given, onResponse },
      { ...defaults, auth: standard },
    )
  } catch (error) {
    yield bad({ check: 'options', says: messageOf(error) })
    return
  }
  yield good('options', 'The options can be used.')

  const source = apiKey === undefined ? (given ?? standard) : undefined
  try {
    await source?.()
  } catch (error) {
    const blame = blameToken(error)
    if (blame.check !== 'credentials') yield good('credentials', credentials())
    yield bad(blame)
    return
  }
  yield good('credentials', credentials())
  if (source) yield good('token', 'They give a token.')

  const error = await errorOf(transport, toProbe(model))
  const { host, location } = transport.target
  const project = /\/projects\/([\w.:-]+)/.exec(answer?.url ?? '')?.[1]
  const blame = error && blameCall(error, { host, location, project, model, hasProxy })
  if (blame && (!answer || UNPROVED.has(blame.check))) yield bad(blame)
  else yield* toAnswerFindings(blame, { model, project, now: now(), date: answer?.headers.get('date') ?? null })
}

/**
 * A request that the endpoint refuses with a 400 after it has looked at everything before, so that it costs nothing: a
 * text that is empty (observed). That project, role and model are looked at first is inferred. A server that answers it
 * answers with one token.
 */
function toProbe(model: string): ChatCompletionRequest {
  return { model, messages: [{ role: 'user', content: '' }], max_tokens: 1 }
}

async function errorOf(transport: Transport, body: ChatCompletionRequest): Promise<GeminateError | undefined> {
  try {
    const reply = await transport({ body })
    if (reply.kind === 'sse') reply.close()
    return undefined
  } catch (error) {
    if (isGeminateError(error)) return error
    throw error
  }
}

function good(check: Check, says: string): Finding {
  return { check, ok: true, says }
}

function bad(blame: Blame): Finding {
  return { ...blame, ok: false }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The options cannot be used.'
}
