import type { ReactNode } from 'react'

const paths = {
  plus: 'M8 3.25v9.5M3.25 8h9.5',
  send: 'M8 12.75v-9.5M3.75 7.5 8 3.25l4.25 4.25',
  stop: 'M4.75 4.75h6.5v6.5h-6.5z',
  down: 'M8 3.25v9.5M3.75 8.5 8 12.75l4.25-4.25',
  chevron: 'm6 3.75 4.25 4.25L6 12.25',
}

/** A small drawing beside a word; never the only sign of what a button does. */
export function Icon({ name }: { name: keyof typeof paths }): ReactNode {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
