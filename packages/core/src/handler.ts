/**
 * A server as a function: the emulator and every replayed scenario are Handlers. Pass one as `fetch` in process,
 * mount it in MSW in a test, or open a port with it.
 */
export type Handler = (request: Request) => Promise<Response>
