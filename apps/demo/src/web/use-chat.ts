import type { Client } from '@geminate/client'
import { useRef, useState } from 'react'
import { ask } from './ask.ts'
import { isRunning, startTurn } from './turn.ts'
import type { Prompt, Turn } from './turn.ts'

export type Chat = {
  turns: Turn[]
  running: boolean
  send: (prompt: Prompt) => void
  /** Asks the last prompt again, maybe another model, in place of the answer that failed. */
  retry: (model: string) => void
  stop: () => void
  /** Ends what is running and forgets the chat. */
  clear: () => void
}

/** The chat: its turns, and the one call that may be running. */
export function useChat(client: Client): Chat {
  const [turns, setTurns] = useState<Turn[]>([])
  const call = useRef<AbortController>(undefined)
  const lastId = useRef(0)

  function start(earlier: Turn[], prompt: Prompt): void {
    const abort = new AbortController()
    call.current = abort
    lastId.current += 1
    const now = () => performance.now()
    const turn = startTurn(lastId.current, prompt, now())
    setTurns([...earlier, turn])
    void ask(client, { earlier, turn, signal: abort.signal, now }, (changed) => {
      // A chat that was cleared has the turn no more.
      setTurns((turns) => turns.map((turn) => (turn.id === changed.id ? changed : turn)))
    })
  }

  const last = turns.at(-1)
  const running = isRunning(last)
  return {
    turns,
    running,
    send(prompt) {
      if (!running) start(turns, prompt)
    },
    retry(model) {
      if (last && !running) start(turns.slice(0, -1), { prompt: last.prompt, json: last.json, model })
    },
    stop: () => call.current?.abort(),
    clear() {
      call.current?.abort()
      setTurns([])
    },
  }
}
