/** Causes of causes that are kept: `fetch` has two. */
const MAX_DEPTH = 4

/**
 * Of an error what it was and where: name, message, code, stack, and as much of its causes. Libraries hang more on theirs,
 * such as the request with its headers, or what a server has sent.
 *
 * @param clean what is done to each text.
 */
export function bareError(
  error: unknown,
  clean: (text: string) => string = String,
  depth: number = MAX_DEPTH,
): unknown {
  if (typeof error === 'string') return clean(error)
  if (!(error instanceof Error) || depth === 0) return undefined
  const { name, message, stack, code, errors } = error as Error & { code?: unknown; errors?: unknown[] }
  const cause = bareError(error.cause ?? errors?.[0], clean, depth - 1)
  const bare = new Error(typeof message === 'string' ? clean(message) : '', cause === undefined ? {} : { cause })
  Object.defineProperties(bare, {
    name: { value: clean(name) },
    stack: { value: clean(String(stack)) },
  })
  return typeof code === 'string' ? Object.assign(bare, { code }) : bare
}
