export { createEmulator } from './create-emulator.ts'
export type { EmulatorOptions, Exchange } from './create-emulator.ts'
