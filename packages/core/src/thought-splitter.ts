/** A run of text that is answer or thought throughout. */
export type Segment = { type: 'text' | 'thought'; text: string }

export type ThoughtSplitter = {
  /**
   * Takes text, and tells what it makes certain.
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
   * `head`: an opening tag may come. `thought`: inside one. `tail`: the flag went out, a closing tag may come.
   * `text`: the answer.
   */
  let state: 'head' | 'thought' | 'tail' | 'text' = 'head'
  /** Text that may be the beginning of a tag, and how much of it is thought if it becomes none. */
  let held = ''
  let heldThought = 0
  /** Blanks before it, which are not looked at again. */
  let blanks = ''
  /** Whether the text before came with the flag. */
  let wasFlagged = false
  /** A tag closed the thought while the flag was on: what the same flag covers further is answer. */
  let answered = false
  /** Behind an opening tag: one line feed belongs to it. */
  let afterOpen = false
  /** Behind a closing tag: blanks are dropped. */
  let afterClose = false

  function emit(type: Segment['type'], text: string): void {
    const rest = afterOpen && type === 'thought' && text.startsWith('\n') ? text.slice(1) : text
    if (text !== '') afterOpen = false
    if (rest !== '') tell(type, rest)
  }

  /** What was held became no tag. */
  function release(): void {
    const all = blanks + held
    emit('thought', all.slice(0, heldThought))
    emit('text', all.slice(heldThought))
    held = blanks = ''
    heldThought = 0
  }

  /** The flag came on or went out: what was held belongs to what it came with. */
  function turn(flagged: boolean): void {
    if (!flagged) {
      if (state === 'head') release()
      state = 'tail'
    } else if (state !== 'thought') {
      release()
      state = 'head'
      afterClose = false
    }
  }

  return {
    push(text, flagged) {
      if (text === '') return
      answered &&= flagged
      // Most of a stream is answer.
      if (state === 'text' && !flagged) return tell('text', text)
      let flag = flagged && !answered
      if (flag !== wasFlagged) turn(flag)
      let input = held + text
      held = ''
      if (state !== 'tail') heldThought = 0
      while (input !== '') {
        if (state === 'text') {
          emit('text', input)
          break
        }
        if (state === 'thought') {
          const at = input.indexOf(close)
          const end = at === -1 ? input.length - overlap(input, close) : at
          emit('thought', input.slice(0, end))
          if (at === -1) {
            held = input.slice(end)
            heldThought = held.length
            break
          }
          input = input.slice(at + close.length)
          state = 'head'
          afterClose = true
          answered ||= flag
          flag = false
        } else if (state === 'tail') {
          if (input !== close && close.startsWith(input)) {
            held = input
            break
          }
          if (input.startsWith(close)) state = 'thought'
          else {
            emit('thought', input.slice(0, heldThought))
            input = input.slice(heldThought)
            state = 'text'
          }
        } else {
          const bare = input.trimStart()
          const taggable = marker !== undefined || flag
          if (!afterClose) blanks += input.slice(0, input.length - bare.length)
          if (bare === '' || (taggable && open.startsWith(bare) && bare !== open)) {
            held = bare
            heldThought = flag ? Number.POSITIVE_INFINITY : 0
            break
          }
          const isOpened = taggable && bare.startsWith(open)
          input = isOpened ? bare.slice(open.length) : blanks + bare
          blanks = ''
          state = isOpened || flag ? 'thought' : 'text'
          afterOpen ||= isOpened
          afterClose = false
        }
      }
      wasFlagged = flag
    },
    end: release,
  }
}

/** How many of the last characters of `text` are the beginning of `tag`, which begins with `<`. */
function overlap(text: string, tag: string): number {
  let at = text.indexOf('<', Math.max(0, text.length - tag.length + 1))
  while (at !== -1 && !tag.startsWith(text.slice(at))) at = text.indexOf('<', at + 1)
  return at === -1 ? 0 : text.length - at
}
