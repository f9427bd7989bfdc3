/** Where calls are posted to under a base URL, with or without a slash at its end. */
export function callUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, '')}/chat/completions`
}

/** The location that a base URL names, as the paths of Google's endpoints do. */
export function locationIn({ pathname }: URL): string | undefined {
  return /\/locations\/([^/]+)/.exec(pathname)?.[1]
}
