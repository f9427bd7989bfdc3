import { createEmulator } from '@geminate/emulator'
import type { EmulatorOptions } from '@geminate/emulator'
import { listen } from '@geminate/emulator/node'
import type { Handler } from '@geminate/core'

/** The emulator on a port, and what has come there. */
export type Served = {
  port: number
  /** The numbers of the attempts that have come, by the id of their call. */
  attempts: ReadonlyMap<string, readonly number[]>
  /** Answers that have begun and not ended. */
  readonly open: number
  close: () => Promise<void>
}

/** An emulator that gives the same answer to the same request, to the last byte. */
export function createSteadyEmulator(options: EmulatorOptions = {}): Handler {
  return createEmulator({ now: () => 1_790_000_000_000, random: () => 0.5, ...options })
}

export async function serve(): Promise<Served> {
  const attempts = new Map<string, number[]>()
  let open = 0
  // It tells of each answer that it has ended, also where the client had gone.
  const emulator = createSteadyEmulator({ onExchange: () => void (open -= 1) })
  const listening = await listen(
    (request) => {
      open += 1
      const id = request.headers.get('x-client-request-id') ?? ''
      attempts.set(id, [...(attempts.get(id) ?? []), Number(request.headers.get('x-attempt'))])
      return emulator(request)
    },
    { port: 0 },
  )
  return {
    port: Number(new URL(listening.url).port),
    attempts,
    get open() {
      return open
    },
    close: () => listening.close(),
  }
}
