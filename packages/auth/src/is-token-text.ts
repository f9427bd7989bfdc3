const TOKEN = /^[\u0021-\u007E]{1,16384}$/

/** Whether this can be sent as a bearer token: printable ASCII without blanks, at most 16 KiB. */
export function isTokenText(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value)
}
