import { createEmulator } from '@geminate/emulator'
import type { EmulatorOptions } from '@geminate/emulator'
import { listen } from '@geminate/emulator/node'
import { use } from '@geminate/client'
import { diagnose, managed } from '@geminate/transport-managed'
import type { Transport } from '@geminate/core'
import type { TargetInfo } from '../target-info.ts'
import { explainSetUp, sentenceOf } from './explain-set-up.ts'

/** The model behind the server: how it is reached, and what is said about it. */
export type DemoTarget = {
  transport: Transport
  info: TargetInfo
  /** Looks whether calls can be made at all: what is missing, in a sentence. */
  checkSetUp?: () => Promise<string | undefined>
  /** Ends what the target has started. */
  close: () => Promise<void>
}

/** The target that `GEMINATE_TARGET` names; the emulator where it names none. Throws a plain sentence for other values. */
export function createDemoTarget(name: string | undefined): Promise<DemoTarget> {
  if (name === undefined || name === '' || name === 'emulator') return createEmulatorTarget()
  if (name === 'vertex') return Promise.resolve(createVertexTarget())
  throw new Error(`GEMINATE_TARGET is '${name}'. Use 'emulator' (the default) or 'vertex'.`)
}

/** An emulator on a loopback port of its own, reached over a real socket like the real endpoint. */
export async function createEmulatorTarget(options: EmulatorOptions = {}): Promise<DemoTarget> {
  const emulator = await listen(createEmulator({ chunkDelayMs: 45, ...options }), { port: 0 })
  const path = 'v1/projects/emulator-project/locations/global/endpoints/openapi'
  return {
    transport: managed({ project: 'emulator', baseUrl: `${emulator.url}/${path}`, auth: 'emulator' }),
    info: {
      kind: 'emulator',
      name: 'Emulator',
      note: 'Nothing leaves this machine: no account, no key, no cost.',
      models: ['google/gemini-2.5-flash', 'google/gemini-2.5-pro', 'google/gemini-3.1-pro-preview'],
    },
    close: () => emulator.close(),
  }
}

/** Vertex AI with Application Default Credentials. What is missing is told at the start, and by each call until it is there. */
function createVertexTarget(): DemoTarget {
  return {
    transport: use(managed(), explainSetUp(diagnose)),
    checkSetUp: async () => sentenceOf(await diagnose()),
    info: {
      kind: 'vertex',
      name: 'Vertex AI',
      note: 'Prompts go to Google Cloud, and answers are billed to your project.',
      models: ['google/gemini-2.5-flash', 'google/gemini-2.5-pro', 'google/gemini-3.1-pro-preview'],
    },
    close: () => Promise.resolve(),
  }
}
