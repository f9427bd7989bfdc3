import fc from 'fast-check'

/** Tries at full size, of which `GEMINATE_FUZZ` is the part that a run does; a tenth takes some seconds. */
const RUNS = 200_000
export const numRuns: number = Math.ceil(RUNS * (Number(process.env['GEMINATE_FUZZ']) || 0.1))
const { GEMINATE_SEED } = process.env
export const settings: { numRuns: number; seed?: number } = {
  numRuns,
  ...(GEMINATE_SEED && { seed: Number(GEMINATE_SEED) }),
}
/** No property is slower than this, at any size. */
export const untimed = { timeout: 3_600_000 } as const

/** Origins that a caller names as trusted. */
export const TRUSTED: string[] = ['https://proxy.example', 'http://127.0.0.1:8080']
/** Google's origins, which default credentials may go to. */
export const GOOGLE: RegExp =
  /^https:\/\/(?:[a-z0-9-]+\.)+(?:googleapis\.com|prediction(?:\.p)?\.vertexai\.goog)(?::\d+)?$/
/** The origins that plain http is no danger to. */
export const LOOPBACK: RegExp = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/
/** The host of an endpoint of its own. */
export const DEDICATED = '123.us-central1-456.prediction.vertexai.goog'

/** What would lead a URL elsewhere if it were put into one, whatever it stands for: a host, a place, an id, a URL. */
const NASTY = [
  'evil.example/',
  'evil.example#',
  'evil.example?x=',
  'a@evil.example/',
  'evil.example\\',
  'us-central1。evil.com/',
  'us-central1.evil.com/',
  'us-central1:443@evil.example/',
  '%2e%2e/%2e%2e/x',
  'us-central1\t.evil.example',
  '//evil.example',
  '123/../../../../publishers/google',
  'openapi#',
  '123?alt=media',
  '../../other',
  'v1/../../x',
  'example.com:my-project',
  'evil.example/.prediction.vertexai.goog',
  'evil.example#.prediction.vertexai.goog',
  `a@${DEDICATED}`,
  `${DEDICATED}:8443`,
  `${DEDICATED}.evil.example`,
  'x。prediction.vertexai.goog',
  'xprediction.vertexai.goog',
  '1.europe-west4-2.prediction.vertexai.goog',
  'http://evil.example',
  'https://evil.example/v1',
  'https://googleapis.com.evil.example/',
  'https://evilgoogleapis.com',
  'https://proxy.example/v1',
  'https://proxy.example:8443/v1',
  'https://proxy.example@evil.example/',
  'http://127.0.0.1:8080/v1',
  'http://127.0.0.1.evil.example/',
  'http://2130706433:8080/v1',
  'http://[::1]:8080/v1',
  'http://0x7f.1/v1',
  'http://localhost.evil.example/',
  'https://aiplatform.googleapis.com/v1',
  'http://aiplatform.googleapis.com/v1',
  'https://x.prediction.vertexai.goog/v1/',
  'https://AIPLATFORM.GOOGLEAPIS.COM/v1',
  'https://aiplatform.googleapis.com./v1',
  'https://aiplatform.googleapis.com:444/v1',
  `https://${DEDICATED}/v1`,
  `http://${DEDICATED}/v1`,
  `https://${DEDICATED}./v1`,
  'HTTPS:/\\evil.example',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'ftp://aiplatform.googleapis.com/',
  '\u0000',
  '\r\nHost: evil.example',
  '\uD800',
  '１２３',
  '',
]

/** What is as it should be, what is hostile, and both in one. */
export function text(...good: string[]): fc.Arbitrary<string> {
  const nasty = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  )
  const fine = fc.constantFrom(...good)
  return fc.oneof(
    { weight: 6, arbitrary: fine },
    { weight: 1, arbitrary: nasty },
    { weight: 1, arbitrary: fc.tuple(fine, nasty).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.tuple(nasty, fine).map((parts) => parts.join('')) },
  )
}

export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined })

/** Fails a property, and says what does not hold. */
export function hold(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}
