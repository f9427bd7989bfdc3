/** Named gates between a test and its scripts. */
export type Gates = {
  /** Opens a gate for good. */
  open: (name: string) => void
  /** Resolves when it is open. */
  passed: (name: string) => Promise<void>
  /** Resolves when somebody has come to it. */
  reached: (name: string) => Promise<void>
}

type Gate = { opened: PromiseWithResolvers<void>; reached: PromiseWithResolvers<void> }

/** Gates that come to be when they are first named. */
export function createGates(): Gates {
  const gates = new Map<string, Gate>()

  function gateOf(name: string): Gate {
    const gate = gates.get(name) ?? { opened: Promise.withResolvers(), reached: Promise.withResolvers() }
    gates.set(name, gate)
    return gate
  }

  return {
    open: (name) => gateOf(name).opened.resolve(),
    passed(name) {
      gateOf(name).reached.resolve()
      return gateOf(name).opened.promise
    },
    reached: (name) => gateOf(name).reached.promise,
  }
}
