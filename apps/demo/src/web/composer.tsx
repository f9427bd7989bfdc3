import { useState } from 'react'
import type { KeyboardEvent, ReactNode, RefObject, SubmitEvent } from 'react'
import { Icon } from './icon.tsx'
import { ModelPicker } from './model-picker.tsx'

export type ComposerProps = {
  promptRef: RefObject<HTMLTextAreaElement | null>
  running: boolean
  /** Whether there is a model to ask. */
  ready: boolean
  models: string[]
  model: string
  onModel: (model: string) => void
  onSend: (prompt: string) => void
  onStop: () => void
  /** Given where the reader has scrolled away from the newest words. */
  onLatest: (() => void) | undefined
}

/** Where a prompt is written, a model is chosen, and an answer is stopped. */
export function Composer(props: ComposerProps): ReactNode {
  const { promptRef, running, ready, models, model, onModel, onSend, onStop, onLatest } = props
  const [text, setText] = useState('')
  const sendable = ready && !running && text.trim() !== ''

  function send(): void {
    if (!sendable) return
    onSend(text.trim())
    setText('')
  }

  function onSubmit(event: SubmitEvent): void {
    event.preventDefault()
    send()
  }

  function onKeyDown(event: KeyboardEvent): void {
    // While an input method composes, Enter takes its suggestion.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }

  return (
    <div className="dock">
      {onLatest && (
        <button type="button" className="button dock-latest" onClick={onLatest}>
          <Icon name="down" />
          Latest
        </button>
      )}
      <form className="composer" onSubmit={onSubmit}>
        <label htmlFor="prompt" className="unseen">
          Your prompt
        </label>
        <textarea
          id="prompt"
          ref={promptRef}
          rows={1}
          placeholder="Ask anything"
          value={text}
          autoFocus
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="composer-row">
          <ModelPicker models={models} model={model} onModel={onModel} />
          {running ? (
            <button type="button" className="button button-strong" onClick={onStop}>
              <Icon name="stop" />
              Stop
            </button>
          ) : (
            <button type="submit" className="button button-strong" disabled={!sendable}>
              <Icon name="send" />
              Send
            </button>
          )}
        </div>
      </form>
    </div>
  )
}
