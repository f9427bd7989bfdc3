import type { ByteScript, Step, WriteStep } from './byte-script.ts'
import { toBytes } from './to-bytes.ts'
import type { Sleep, Wire } from './wire.ts'

/** What a script works on. */
export type ScriptContext = {
  wire: Wire
  sleep: Sleep
  /** Fires when the connection has closed; the script ends there. */
  closed: AbortSignal
  passed: (gate: string) => Promise<void>
  received: (what: 'request' | number) => Promise<void>
}

/** Does the steps one after the other. Resolves when they are done or the connection has closed; rejects as `call` does. */
export async function runScript(script: ByteScript, context: ScriptContext): Promise<void> {
  const { closed } = context
  const { promise: end, resolve } = Promise.withResolvers<void>()
  const stop = (): void => resolve()
  closed.addEventListener('abort', stop)
  try {
    for (const step of script) {
      if (closed.aborted) return
      await Promise.race([doStep(step, context, end), end])
    }
  } finally {
    closed.removeEventListener('abort', stop)
  }
}

async function doStep(step: Step, context: ScriptContext, end: Promise<void>): Promise<void> {
  const { wire, sleep, closed } = context
  if (step === 'fin') return wire.fin()
  if (step === 'reset') return wire.reset()
  if (step === 'stop-reading') return wire.stopReading()
  if (step === 'read-on') return wire.readOn()
  if (step === 'stall') return end
  if ('write' in step) return write(step, context)
  if ('wait' in step) return context.passed(step.wait)
  if ('waitMs' in step) return sleep(step.waitMs, closed)
  if ('receive' in step) return context.received(step.receive)
  if ('call' in step) await step.call()
}

async function write(step: WriteStep, { wire, sleep, closed }: ScriptContext): Promise<void> {
  const { sliceBytes, everyMs = 0, times = 1 } = step
  const bytes = toBytes(step.write)
  const size = sliceBytes ?? bytes.length
  let first = true
  for (let time = 0; time < times; time += 1) {
    for (let at = 0; at < bytes.length; at += size) {
      if (!first && everyMs > 0) await sleep(everyMs, closed)
      if (closed.aborted) return
      first = false
      await wire.write(bytes.subarray(at, at + size))
    }
  }
}
