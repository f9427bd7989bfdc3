import { defineConfig } from 'vitest/config'

/** One configuration for all packages: tests run against the sources, so nothing has to be built first. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@geminate/source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['{src,test,scripts}/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'test-report.json' }]],
  },
})
