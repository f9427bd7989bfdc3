import type { Call, Reply, Transport } from '@geminate/core'

/**
 * A transport with functions around it, the first outermost. Each sees a call once, with all of its attempts; one that
 * wraps the `body` of an event stream passes `finish` and `close` on. Target and readiness stay those of the transport, so
 * a function around it need not care for them.
 */
export function use(
  transport: Transport,
  ...middleware: ((next: Transport) => (call: Call) => Promise<Reply>)[]
): Transport {
  return middleware.reduceRight((next, wrap) => {
    const wrapped = wrap(next)
    // A function of its own: what a middleware gives may be `next` itself, or shared.
    const named = Object.assign((call: Call) => wrapped(call), { target: transport.target })
    return transport.ready ? Object.assign(named, { ready: async () => transport.ready?.() }) : named
  }, transport)
}
