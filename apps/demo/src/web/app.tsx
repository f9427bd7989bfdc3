import type { Client } from '@geminate/client'
import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Announcer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { Notice } from './notice.tsx'
import { TopBar } from './top-bar.tsx'
import { TurnView } from './turn-view.tsx'
import { useChat } from './use-chat.ts'
import { useFollow } from './use-follow.ts'
import { useTarget } from './use-target.ts'
import { Welcome } from './welcome.tsx'

/** The page: one chat with the model behind the server. */
export function App({ client }: { client: Client }): ReactNode {
  const target = useTarget()
  const chat = useChat(client)
  const follow = useFollow(chat.running)
  const [chosen, setChosen] = useState<string>()
  const prompt = useRef<HTMLTextAreaElement>(null)
  const model = chosen ?? target.info?.models[0] ?? ''

  function send(text: string, json?: boolean): void {
    chat.send({ prompt: text, model, json })
    follow.resume()
    prompt.current?.focus()
  }

  function retry(): void {
    chat.retry(model)
    follow.resume()
    prompt.current?.focus()
  }

  function clear(): void {
    chat.clear()
    follow.resume()
    prompt.current?.focus()
  }

  const last = chat.turns.at(-1)
  return (
    <>
      <TopBar info={target.info} onNewChat={chat.turns.length > 0 ? clear : undefined} />
      <main className="page" ref={follow.content}>
        {target.problem && <Notice text={target.problem} onRetry={target.retry} />}
        {!last && !target.problem && <Welcome info={target.info} onPick={send} />}
        {last && (
          <div role="log" aria-label="Conversation" aria-busy={chat.running}>
            {chat.turns.map((turn) => (
              <TurnView key={turn.id} turn={turn} onRetry={turn === last && !chat.running ? retry : undefined} />
            ))}
          </div>
        )}
      </main>
      <Composer
        promptRef={prompt}
        running={chat.running}
        ready={model !== ''}
        models={target.info?.models ?? []}
        model={model}
        onModel={setChosen}
        onSend={send}
        onStop={chat.stop}
        onLatest={follow.away ? follow.resume : undefined}
      />
      <Announcer turn={last} />
    </>
  )
}
