import { defineConfig } from 'vitest/config'

/** One configuration for all packages: tests run against the sources, so nothing has to be built first. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@geminate/source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['{src,test}/**/*.test.ts'],
    // No test measures time; this ends one that hangs, also on a busy machine.
    testTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: 'test-report.json' }]],
  },
})
