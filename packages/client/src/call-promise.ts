/** What is known about the answer besides its data. */
export type ResponseInfo = {
  status: number
  headers: Headers
  requestId?: string
  /** Attempts that were made, the successful one included. */
  attempts: number
}

export type WithResponse<T> = {
  data: T
  response: ResponseInfo
  /** What was odd but whole about the answer. A stream has its own, which grow as it is read. */
  warnings: string[]
}

/** The promise of an answer, and on demand of the response that it came in. */
export type CallPromise<T> = Promise<T> & { withResponse(): Promise<WithResponse<T>> }

export function toCallPromise<T>(answer: Promise<WithResponse<T>>): CallPromise<T> {
  const data = answer.then((settled) => settled.data)
  return Object.assign(data, {
    withResponse() {
      // Who asks for the response handles the failure there: the other promise must not count as forgotten.
      data.catch(() => undefined)
      return answer
    },
  })
}
