import { existsSync } from 'node:fs'
import { defineConfig } from 'tsdown'

/** Every package builds alike: its entries are those of these files that it has, its output is ESM with rolled-up declarations. */
export default defineConfig({
  cwd: process.cwd(),
  entry: ['src/index.ts', 'src/node.ts', 'src/msw.ts', 'src/bin.ts', 'src/faults/node.ts'].filter((file) =>
    existsSync(file),
  ),
  platform: 'neutral',
  // What a package imports it depends on: nothing is copied into it.
  deps: { neverBundle: true },
  failOnWarn: true,
  dts: true,
  sourcemap: true,
  clean: true,
})
