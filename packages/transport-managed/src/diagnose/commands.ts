import type { Asked } from './diagnosis.ts'

export const LOGIN = 'gcloud auth application-default login'
export const SET_CLOCK = 'sudo timedatectl set-ntp true'
export const LIST_MODELS = 'gcloud ai model-garden models list'

/** Shows what answers there. */
export function look({ origin }: Asked): string {
  return `curl -sSI ${origin}/`
}

/** Gives credentials that are accepted: of the kind that was used. */
export function renew({ isTokenPasted }: Asked): string {
  return isTokenPasted ? 'gcloud auth print-access-token' : LOGIN
}

/** The project, or the word that stands for it. */
export function projectOf({ project = 'PROJECT' }: Asked): string {
  return project
}
