import type { Answers, ByteScript, FaultRequest, StartStep } from './byte-script.ts'
import { checkScript } from './check-script.ts'

/** Whose turn it is. Each of these takes the script that it gives. */
export type Choice = {
  /** The script for a new connection, where the next one begins so early. */
  atConnect(): ByteScript | undefined
  /** The script for a request whose head has come, where the next one begins so early. */
  atHead(): ByteScript | undefined
  atRequest(request: FaultRequest): ByteScript
}

const SAY_NOTHING: ByteScript = ['stall']

/** Checks the scripts: those of a list at once, those of a function as they come. */
export function createChoice(answers: Answers): Choice {
  if (typeof answers === 'function') return { atConnect: none, atHead: none, atRequest: chosenBy(answers) }
  const scripts: readonly ByteScript[] = answers
  for (const [at, script] of scripts.entries()) checkScript(script, `Script ${at + 1}`)
  let turn = 0
  const last = scripts.length - 1

  function take(...starts: StartStep['at'][]): ByteScript | undefined {
    const script = scripts[Math.min(turn, last)] ?? SAY_NOTHING
    if (!starts.includes(startOf(script))) return undefined
    turn += 1
    return script
  }

  return {
    atConnect: () => take('connect'),
    atHead: () => take('connect', 'head'),
    atRequest: () => take('connect', 'head', 'request') ?? SAY_NOTHING,
  }
}

function none(): undefined {
  return undefined
}

function chosenBy(answers: (request: FaultRequest) => ByteScript): Choice['atRequest'] {
  return (request) => {
    const script = answers(request)
    checkScript(script, `The script for request ${request.number}`)
    return script
  }
}

function startOf([first]: ByteScript): StartStep['at'] {
  return typeof first === 'object' && 'at' in first ? first.at : 'request'
}
