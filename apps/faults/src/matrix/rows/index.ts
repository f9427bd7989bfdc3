import type { RowGroup } from '../fault-row.ts'
import { aborts } from './aborts.ts'
import { contents } from './contents.ts'
import { cuts } from './cuts.ts'
import { endings } from './endings.ts'
import { errorsInAnswers } from './errors-in-answers.ts'
import { firstBytes } from './first-bytes.ts'
import { hints } from './hints.ts'
import { limits } from './limits.ts'
import { reaching } from './reaching.ts'
import { refusals } from './refusals.ts'
import { tokens } from './tokens.ts'

/** All faults, in the order of a call. */
export const groups: readonly RowGroup[] = [
  reaching,
  tokens,
  firstBytes,
  refusals,
  hints,
  errorsInAnswers,
  contents,
  cuts,
  endings,
  limits,
  aborts,
]
