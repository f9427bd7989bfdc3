/** A run of text that is answer or thought throughout. */
export type Segment = { type: 'text' | 'thought'; text: string }

export type ThoughtSplitter = {
  /**
   * The segments that this text makes certain.
   *
   * @param flagged whether the text came with `extra_content.google.thought`.
   */
  push(text: string, flagged?: boolean): Segment[]
  /** The segments that were held back because they might have become a tag. */
  end(): Segment[]
}

/** The tag that AI Studio puts around flagged thoughts unasked. */
const DEFAULT_TAG = 'thought'

/**
 * Tells thoughts from answer, incrementally, by the flag or by the marker that the request set and by nothing else. The
 * opening tag counts at the head of the text (or directly behind a closed thought); the closing tag may be cut anywhere,
 * stand at the head of a flagged or an unflagged delta, or never come.
 *
 * @param marker the request's `thought_tag_marker`; without it only the flag splits.
 */
export function createThoughtSplitter(marker?: string): ThoughtSplitter {
  const tag = marker ?? DEFAULT_TAG
  const open = `<${tag}>`
  const close = `</${tag}>`
  /**
   * `head`: an opening tag may come. `thought`: inside one. `tail`: the flag went out, a closing tag may come.
   * `text`: the answer.
   */
  let state: 'head' | 'thought' | 'tail' | 'text' = 'head'
  /** Text that may be the beginning of a tag, and whether it came with the flag. */
  let held = ''
  let heldFlagged = false
  /** In `tail`: how much of what is held came with the thought. */
  let thoughtHeld = 0
  /** Behind a closing tag: blanks are dropped. */
  let afterClose = false
  /** A tag closed the thought while the flag was on: what the same flag covers further is answer. */
  let answered = false
  /** Behind an opening tag: one line feed belongs to it. */
  let afterOpen = false

  function hold(text: string, flagged: boolean): void {
    held = text
    heldFlagged = flagged
  }

  function emit(out: Segment[], type: Segment['type'], text: string): void {
    const rest = afterOpen && type === 'thought' && text.startsWith('\n') ? text.slice(1) : text
    if (text !== '') afterOpen = false
    if (rest !== '') out.push({ type, text: rest })
  }

  /** Leaves the thought or the answer where the flag says so; what was held then belongs to what it came with. */
  function follow(flagged: boolean, out: Segment[]): void {
    if (flagged && (state === 'text' || state === 'tail')) {
      release(out)
      state = 'head'
      afterClose = false
    } else if (!flagged && state === 'thought' && heldFlagged) {
      thoughtHeld = held.length
      state = 'tail'
    } else if (state === 'head' && held !== '' && flagged !== heldFlagged) {
      release(out)
      if (heldFlagged) state = 'tail'
    }
  }

  /** What was held became no tag. */
  function release(out: Segment[]): void {
    const inThought = state === 'thought' || (state === 'head' && heldFlagged)
    const end = state === 'tail' ? thoughtHeld : inThought ? held.length : 0
    emit(out, 'thought', held.slice(0, end))
    emit(out, 'text', held.slice(end))
    held = ''
    thoughtHeld = 0
  }

  function advance(input: string, flagged: boolean, out: Segment[]): void {
    let text = input
    let flag = flagged
    while (text !== '') {
      if (state === 'text') {
        emit(out, 'text', text)
        return
      }
      if (state === 'thought') {
        const at = text.indexOf(close)
        if (at === -1) {
          const keep = text.length - overlap(text, close)
          emit(out, 'thought', text.slice(0, keep))
          hold(text.slice(keep), flag)
          return
        }
        emit(out, 'thought', text.slice(0, at))
        text = text.slice(at + close.length)
        state = 'head'
        afterClose = true
        answered ||= flag
        flag = heldFlagged = false
      } else if (state === 'tail') {
        if (text.startsWith(close)) {
          text = text.slice(close.length)
          thoughtHeld = 0
          state = 'head'
          afterClose = true
        } else if (close.startsWith(text)) {
          hold(text, false)
          return
        } else {
          emit(out, 'thought', text.slice(0, thoughtHeld))
          text = text.slice(thoughtHeld)
          thoughtHeld = 0
          state = 'text'
        }
      } else {
        const bare = text.trimStart()
        const taggable = marker !== undefined || flag
        if (bare === '' || (taggable && open.startsWith(bare) && bare !== open)) {
          hold(afterClose ? bare : text, flag)
          return
        }
        if (taggable && bare.startsWith(open)) {
          text = bare.slice(open.length)
          afterOpen = true
          state = 'thought'
        } else {
          text = afterClose ? bare : text
          state = flag ? 'thought' : 'text'
        }
        heldFlagged = flag
        afterClose = false
      }
    }
  }

  return {
    push(text, flagged = false) {
      const out: Segment[] = []
      if (text === '') return out
      answered &&= flagged
      const flag = flagged && !answered
      follow(flag, out)
      const input = held + text
      held = ''
      advance(input, flag, out)
      if (state === 'thought') heldFlagged = flag && !answered
      return out
    },
    end() {
      const out: Segment[] = []
      release(out)
      return out
    },
  }
}

/** How many of the last characters of `text` are the beginning of `tag`. */
function overlap(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length -= 1) {
    if (text.endsWith(tag.slice(0, length))) return length
  }
  return 0
}
