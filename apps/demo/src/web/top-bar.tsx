import type { ReactNode } from 'react'
import type { TargetInfo } from '../target-info.ts'
import { Icon } from './icon.tsx'

/** Who this is, what it talks to, and the way to a new chat. */
export function TopBar({
  info,
  onNewChat,
}: {
  info: TargetInfo | undefined
  onNewChat: (() => void) | undefined
}): ReactNode {
  return (
    <header className="top">
      <div className="top-inner">
        <h1 className="brand">
          <img src="/mark.svg" alt="" width="26" height="26" />
          Geminate
        </h1>
        {info && (
          <p className={`badge badge-${info.kind}`} title={info.note}>
            <span className="badge-name">{info.name}</span>
            {info.kind === 'emulator' && <span className="badge-note"> – nothing leaves this machine</span>}
          </p>
        )}
        <button type="button" className="button top-new" disabled={!onNewChat} onClick={onNewChat}>
          <Icon name="plus" />
          New chat
        </button>
      </div>
    </header>
  )
}
