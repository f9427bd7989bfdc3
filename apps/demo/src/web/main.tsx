import { createClient } from '@geminate/client'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createSameOriginTransport } from './same-origin-transport.ts'

const client = createClient(createSameOriginTransport(location.origin))

const root = document.querySelector('#root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App client={client} />
    </StrictMode>,
  )
}
