import { isText } from './json-value.ts'

/** The id of a tool call that came without one: of the answer, the choice and the call's position, so that turns do not collide. */
export function newCallId(call: { completion: string; choice: number; position: number }): string {
  return `call_${call.completion}_${call.choice}_${call.position}`
}

/** What an answer is called in such an id: by its own id, else by its time. */
export function completionName({ id, created }: { id?: unknown; created?: unknown }): string {
  return isText(id) ? id : String(typeof created === 'number' ? created : 0)
}
