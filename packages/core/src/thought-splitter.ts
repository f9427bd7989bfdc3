/** A run of text that is answer or thought throughout. */
export type Segment = { type: 'text' | 'thought'; text: string }

export type ThoughtSplitter = {
  /**
   * Takes text that is not empty, and tells what it makes certain.
   *
   * @param flagged whether the text came with `extra_content.google.thought`.
   */
  push(text: string, flagged: boolean): void
  /** Tells what was held back because it might have become a tag. */
  end(): void
}

/** The tag that AI Studio puts around flagged thoughts unasked. */
const DEFAULT_TAG = 'thought'

/**
 * Tells thoughts from answer, incrementally, by the flag or by the marker that the request set and by nothing else. The
 * opening tag counts at the head of the text (or directly behind a closed thought); the closing tag may be cut anywhere,
 * stand at the head of a flagged or an unflagged delta, or never come.
 *
 * @param marker the request's `thought_tag_marker`; without it only the flag splits.
 * @param tell takes the segments, none of them empty.
 */
export function createThoughtSplitter(
  marker: string | undefined,
  tell: (type: Segment['type'], text: string) => void,
): ThoughtSplitter {
  const tag = marker ?? DEFAULT_TAG
  const open = `<${tag}>`
  const close = `</${tag}>`
  /**
   * `head`: an opening tag may come. `opened`: directly behind one, a line feed belongs to it. `thought`: inside of it.
   * `closed`: directly behind a closing tag, blanks are dropped, and an opening tag may come. `tail`: the flag went out, a
   * closing tag may come, blanks before it. `text`: the answer.
   */
  let state: 'head' | 'opened' | 'thought' | 'closed' | 'tail' | 'text' = 'head'
  /** Text that may be the beginning of a tag, and blanks before it, which are not looked at again. */
  let held = ''
  let blanks = ''
  /** How much of it came with the flag that went out. */
  let heldThought = 0
  /** Whether the text before came with the flag. */
  let wasFlagged = false
  /** A tag closed the thought while the flag was on: what the same flag covers further is answer. */
  let answered = false

  function emit(type: Segment['type'], text: string): void {
    if (text) tell(type, text)
  }

  /** What was held became no tag. */
  function release(): void {
    emit('thought', held.slice(0, heldThought))
    emit(wasFlagged || state === 'thought' ? 'thought' : 'text', blanks + held.slice(heldThought))
    held = blanks = ''
    heldThought = 0
  }

  /** The flag came on or went out: what was held belongs to what it came with. */
  function turn(flagged: boolean): void {
    if (!flagged) {
      if (state === 'head') release()
      heldThought = held.length
      state = 'tail'
    } else if (state !== 'thought' && state !== 'opened') {
      release()
      state = 'head'
    }
  }

  return {
    push(text, flagged) {
      answered &&= flagged
      // Most of a stream is answer.
      if (state === 'text' && !flagged) return tell('text', text)
      let flag = flagged && !answered
      if (flag !== wasFlagged) turn(flag)
      let input = held + text
      held = ''
      while (input) {
        if (state === 'text') {
          tell('text', input)
          break
        }
        if (state === 'opened') {
          input = input.replace(/^\n/, '')
          state = 'thought'
          continue
        }
        if (state === 'thought') {
          let at = input.indexOf('<')
          while (at !== -1 && !close.startsWith(input.slice(at, at + close.length))) at = input.indexOf('<', at + 1)
          emit('thought', at === -1 ? input : input.slice(0, at))
          if (at === -1) break
          if (at + close.length > input.length) {
            held = input.slice(at)
            break
          }
          input = input.slice(at + close.length)
          state = 'closed'
          answered ||= flag
          flag = false
          continue
        }
        const bare = input.trimStart()
        if (state !== 'closed') blanks += input.slice(0, input.length - bare.length)
        const isTail = state === 'tail'
        const awaited = isTail ? close : open
        const isPossible = isTail || flag || marker !== undefined
        if (isPossible && bare.startsWith(awaited)) {
          if (isTail) emit('thought', blanks)
          input = isTail ? bare : bare.slice(open.length)
          state = isTail ? 'thought' : 'opened'
        } else if (!bare || (isPossible && awaited.startsWith(bare))) {
          held = bare
          break
        } else {
          emit('thought', bare.slice(0, heldThought))
          input = blanks + bare.slice(heldThought)
          state = flag ? 'thought' : 'text'
        }
        blanks = ''
        heldThought = 0
      }
      wasFlagged = flag
    },
    end: release,
  }
}
