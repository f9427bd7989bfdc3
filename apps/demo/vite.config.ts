import react from '@vitejs/plugin-react'
import type { UserConfig } from 'vite'

/** The page. Geminate's packages are taken from their sources, so that a change in one is seen at once. */
const config: UserConfig = {
  plugins: [react()],
  resolve: { conditions: ['@geminate/source', 'module', 'browser', 'development|production'] },
  build: { modulePreload: { polyfill: false } },
}

export default config
