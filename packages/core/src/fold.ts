import { isObject, listOf } from './json-value.ts'
import { createChoiceFold } from './fold-choice.ts'
import type { ChoiceFold } from './fold-choice.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldRules } from './fold-fields.ts'
import { checkLimit } from './fold-limits.ts'
import { completionName, newCallId } from './new-call-id.ts'
import type { ChatCompletionChunk } from './wire/chunk.ts'
import type { ChatCompletion, Choice } from './wire/completion.ts'

const RULES: FieldRules = { choices: 'leave' }

/** What a fold has to know besides its chunks. */
export type FoldOptions = {
  /** The request's `thought_tag_marker`: it is noted on the messages, where `textOf` finds it. */
  thoughtTagMarker?: string | undefined
  /**
   * Makes the id of a tool call that came without one. By default from the completion's id (else its `created`), the
   * choice and the call's position, so that the calls of several turns do not collide.
   */
  newId?: (call: { completion: string; choice: number; position: number }) => string
}

/** Chunks in, the completion out. */
export type Fold = {
  /** Throws `limit` errors: over 128 calls in a choice, 16 Mi characters of arguments in one, 64 Mi of all text. */
  add(chunk: ChatCompletionChunk): void
  /** The completion so far: plain JSON, made anew at each call; what came whole, such as `usage`, is shared. */
  completion(): ChatCompletion
  /** What was odd, as short fixed words: `made-tool-call-id`, once a completion was made that holds one. */
  readonly warnings: readonly string[]
}

/**
 * Folds the chunks of a stream to the completion that they are. Every field survives, known or not: of a field that the
 * fold does not know, the last value that is not null holds, and arrays are concatenated. No field is rewritten. Content
 * is one string, as in a plain answer, or an array of parts where only that keeps what was said of each.
 */
export function createFold({ thoughtTagMarker, newId = newCallId }: FoldOptions = {}): Fold {
  const fields = createFieldFold(RULES)
  const choices = new Map<number, ChoiceFold>()
  let length = 0
  const warnings: string[] = []

  /** Counts the characters of text, wherever they stand. */
  function count(more: number): void {
    checkLimit('TEXT', (length += more))
  }

  function choiceAt(index: number): ChoiceFold {
    let choice = choices.get(index)
    if (!choice) {
      const makeId = (position: number): string => {
        warnings[0] = 'made-tool-call-id'
        return newId({ completion: completionName(fields.object()), choice: index, position })
      }
      choice = createChoiceFold(thoughtTagMarker, makeId, count)
      choices.set(index, choice)
    }
    return choice
  }

  return {
    add(chunk) {
      fields.add(chunk)
      let at = 0
      for (const choice of listOf(chunk.choices)) {
        if (isObject(choice)) choiceAt(typeof choice['index'] === 'number' ? choice['index'] : at).add(choice)
        at += 1
      }
    },
    completion() {
      const list = [...choices].sort(([a], [b]) => a - b)
      const folded: Choice[] = list.map(([index, choice]) => ({ index, ...choice.choice() }))
      return { ...fields.object(), object: 'chat.completion', choices: folded }
    },
    warnings,
  }
}
