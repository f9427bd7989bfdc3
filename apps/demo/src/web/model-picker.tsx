import { useId, useState } from 'react'
import type { ReactNode } from 'react'

const OTHER = ' other'

/** The model to ask: one of a few, or any id that is typed in. */
export function ModelPicker({
  models,
  model,
  onModel,
}: {
  models: string[]
  model: string
  onModel: (model: string) => void
}): ReactNode {
  const [typing, setTyping] = useState(false)
  const id = useId()

  function choose(value: string): void {
    setTyping(value === OTHER)
    if (value !== OTHER) onModel(value)
  }

  return (
    <div className="model">
      <label htmlFor={id} className="unseen">
        Model
      </label>
      <select id={id} value={typing ? OTHER : model} onChange={(event) => choose(event.target.value)}>
        {models.map((name) => (
          <option key={name}>{name}</option>
        ))}
        <option value={OTHER}>Another model…</option>
      </select>
      {typing && (
        <input
          type="text"
          aria-label="Model id"
          placeholder="publisher/model"
          defaultValue={model}
          autoFocus
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={200}
          onFocus={(event) => event.target.select()}
          onChange={(event) => onModel(event.target.value.trim())}
        />
      )}
    </div>
  )
}
