import { systemClock } from '@geminate/auth'
import { isGeminateError, parseJson } from '@geminate/core'
import type { ChatCompletionRequest, GeminateError, Reply, Transport } from '@geminate/core'
import type { ManagedOptions } from '../managed-options.ts'
import { createManagedTransport, givenCredential } from '../managed-transport.ts'
import type { Defaults } from '../managed-transport.ts'
import { blameCall, blameConfig } from './blame-call.ts'
import { noApi } from './blame-way.ts'
import type { Asked, Blame, Check, Credential, Diagnosis, Finding } from './diagnosis.ts'
import { createSecrets } from './secrets.ts'
import type { Secrets } from './secrets.ts'
import { toAnswerFindings } from './to-answer-findings.ts'

export type DiagnoseOptions = ManagedOptions & {
  /**
   * A transport that is there already, of `managed`, `aiStudio` or `selfDeployed`, in place of the options that make one.
   * Then only `model`, `deadlineMs`, `signal` and `now` count, and `project`, which commands name.
   */
  transport?: Transport | undefined
  /** The model that is asked for. Default Gemini 2.5 Flash, by the id that the surface knows; to an endpoint of your own, none. */
  model?: string | undefined
  /** Ends the diagnosis, which then rejects. */
  signal?: AbortSignal | undefined
  /** The wall clock, in milliseconds since the epoch. Default: the platform's. */
  now?: (() => number) | undefined
}

/** The credentials that calls go with. */
export type FoundCredentials = {
  kind: Credential | undefined
  /** A sentence that says what they are. */
  says: string
}

/** What only the platform knows. */
export type Surroundings = {
  defaults: Defaults
  credentials: () => FoundCredentials
  /** Whether the environment names a proxy, which calls do not go through. */
  hasProxy: boolean
}

const DEADLINE_MS = 30_000

/** What is asked for where no model is named, by surface. */
const MODELS: Partial<Record<string, string>> = {
  managed: 'google/gemini-2.5-flash',
  'ai-studio': 'gemini-2.5-flash',
}

/** Why a model id cannot be sent. */
const MISNAMED: unknown[] = ['BARE_MODEL_ID', 'PREFIXED_MODEL_ID']

/** What an answer proves nothing of. */
const BEFORE: ReadonlySet<Check> = new Set(['options', 'credentials', 'token', 'clock'])

/** What `diagnose` of the Node entry does, with everything of the platform as a parameter. */
export async function createDiagnosis(options: DiagnoseOptions, surroundings: Surroundings): Promise<Diagnosis> {
  const secrets = createSecrets(options.apiKey)
  const found = await (options.transport
    ? lookAtTransport(options.transport, options)
    : lookAtOptions(options, surroundings, secrets))
  const findings = found.map((finding) => secrets.removedFrom(finding))
  return { ok: findings.every(({ ok }) => ok), findings }
}

async function lookAtTransport(transport: Transport, options: DiagnoseOptions): Promise<Finding[]> {
  const { surface, location } = transport.target
  const asked: Asked = {
    ...placeOf(transport),
    isLocationGiven: location !== undefined,
    project: options.project,
    model: options.model ?? MODELS[surface],
    credential: undefined,
    // Whether it has a `fetch` of its own cannot be seen.
    hasProxy: false,
  }
  return look(transport, asked, options)
}

async function lookAtOptions(
  options: DiagnoseOptions,
  { defaults, credentials, hasProxy }: Surroundings,
  secrets: Secrets,
): Promise<Finding[]> {
  const { baseUrl, location } = options
  const found = credentials()
  const known = {
    isLocationGiven: location !== undefined || baseUrl !== undefined,
    project: baseUrl === undefined ? (options.project ?? defaults.project) : projectIn(baseUrl),
    model: options.model ?? MODELS['managed'],
    credential: found.kind,
    hasProxy: hasProxy && options.fetch === undefined,
  }
  let transport: Transport
  let isGiven: boolean
  try {
    const { auth, apiKey } = givenCredential(options)
    isGiven = auth !== undefined || apiKey !== undefined
    const findProject = async (): Promise<string> => (known.project = await defaults.findProject())
    transport = createManagedTransport(
      { ...options, auth: auth && secrets.watch(auth) },
      { ...defaults, auth: defaults.auth && secrets.watch(defaults.auth), findProject },
    )
  } catch (error) {
    if (!isGeminateError(error)) throw error
    return [bad(blameConfig(error, known))]
  }
  // The same object: a project that the call finds is known from then on.
  const findings = await look(transport, Object.assign(known, placeOf(transport, baseUrl)), options)
  const hasToken = secrets.hasToken()
  const before = [
    good('options', 'The options can be used.'),
    ...(isGiven || hasToken ? [good('credentials', found.says)] : []),
    ...(hasToken ? [good('token', 'They give a token.')] : []),
  ]
  return [...before.filter(({ check }) => findings[0]?.check !== check), ...findings]
}

function projectIn(baseUrl: string): string | undefined {
  return /\/projects\/([\w.:-]+)/.exec(baseUrl)?.[1]
}

/** Where a transport's calls go. Of the scheme of a server nothing is known but that of its base URL. */
function placeOf({ target }: Transport, baseUrl?: string): Pick<Asked, 'surface' | 'origin' | 'isVertex' | 'location'> {
  const { surface, host, location } = target
  const isNear = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)/.test(host)
  // Inferred: only a server of one's own may speak http elsewhere, and on a port of its own mostly does.
  const isPlain = isNear || (surface === 'self-deployed' && /:(?!\d*443$)\d+$/.test(host))
  const scheme = isPlain ? 'http' : 'https'
  return {
    surface,
    origin: URL.parse(baseUrl ?? '')?.origin ?? `${scheme}://${host}`,
    isVertex: /(?:aiplatform.*\.googleapis\.com|\.vertexai\.goog)$/.test(host),
    location,
  }
}

/**
 * Sends a request that the managed endpoint refuses with a 400 after it has looked at everything before, so that it costs
 * nothing: a text that is empty (observed). That project, role and model are looked at first is inferred. Other servers
 * are asked for one token.
 */
async function ask(
  transport: Transport,
  { surface, model }: Asked,
  { signal, deadlineMs = DEADLINE_MS }: DiagnoseOptions,
): Promise<GeminateError | Reply> {
  const content = surface === 'managed' ? '' : 'Hi'
  const body: ChatCompletionRequest = {
    ...(model !== undefined && { model }),
    messages: [{ role: 'user', content }],
    max_tokens: 1,
  }
  try {
    return await transport({ body, deadlineMs, retry: { maxAttempts: 1 }, ...(signal && { signal }) })
  } catch (error) {
    if (!isGeminateError(error) || error.code === 'aborted') throw error
    return error
  }
}

/** A model id that cannot be sent is told in its turn: what comes before is looked at with another, which can. */
async function look(transport: Transport, asked: Asked, options: DiagnoseOptions): Promise<Finding[]> {
  const outcome = await ask(transport, asked, options)
  if (!isGeminateError(outcome) || !MISNAMED.includes(outcome.reason)) {
    return toFindings(outcome, blameOf(outcome, asked), asked, options)
  }
  const other = await ask(transport, { ...asked, model: MODELS[asked.surface] }, options)
  const blame = blameOf(other, asked)
  const isBefore = blame && blame.check !== 'model' && blame.check !== 'quota'
  return toFindings(other, isBefore ? blame : blameConfig(outcome, asked), asked, options)
}

function toFindings(
  outcome: GeminateError | Reply,
  blame: Blame | undefined,
  asked: Asked,
  { now }: DiagnoseOptions,
): Finding[] {
  const isUnsent = isGeminateError(outcome) && outcome.status === undefined
  if (blame && blame.check !== 'host' && (isUnsent || BEFORE.has(blame.check))) return [bad(blame)]
  const date = outcome.headers?.get('date') ?? null
  return [...toAnswerFindings(blame, { ...asked, now: now?.() ?? systemClock.now(), date })]
}

/** What is to blame; undefined where all is well: only what was asked for proves that. */
function blameOf(outcome: GeminateError | Reply, asked: Asked): Blame | undefined {
  if (isGeminateError(outcome)) return isWanted(outcome, asked) ? undefined : blameCall(outcome, asked)
  if (outcome.kind === 'sse') outcome.close()
  return outcome.kind === 'json' && isCompletion(outcome.bytes) ? undefined : noApi(asked)
}

/** The refusal of the empty text, in the words that were observed or in others. */
function isWanted({ code, status, reason, message }: GeminateError, { surface }: Asked): boolean {
  const isRefusal = surface === 'managed' && code === 'http' && status === 400 && reason === 'INVALID_ARGUMENT'
  return isRefusal && /\bempty\b.*\b(?:text|contents?)\b|\b(?:text|contents?)\b.*\bempty\b/i.test(message)
}

function isCompletion(bytes: Uint8Array): boolean {
  try {
    const answer = parseJson(new TextDecoder().decode(bytes)) as { choices?: unknown } | null
    return Array.isArray(answer?.choices)
  } catch {
    return false
  }
}

function good(check: Check, says: string): Finding {
  return { check, ok: true, says }
}

function bad(blame: Blame): Finding {
  return { ...blame, ok: false }
}
