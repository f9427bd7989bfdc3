/** Whether a message of this role is the result of a call. */
export function isResult(role: string | undefined): boolean {
  return role === 'tool' || role === 'function'
}
