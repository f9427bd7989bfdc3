import type { Asked } from './diagnosis.ts'

export const LOGIN = 'gcloud auth application-default login'
export const LIST_MODELS = 'gcloud ai model-garden models list'
export const LIST_STUDIO_MODELS =
  'curl -sS -H "Authorization: Bearer API_KEY" https://generativelanguage.googleapis.com/v1beta/openai/models'

/** Shows what answers there. */
export function look({ origin }: Asked): string {
  return `curl -sSI ${origin}/`
}

/** The project, or the word that stands for it. */
export function projectWord(project: string | undefined): string {
  return project !== undefined && isProject(project) ? project : 'PROJECT'
}

/** The project in a sentence. */
export function theProject(project: string | undefined): string {
  return project !== undefined && isProject(project) ? `the project '${project}'` : 'the project'
}

/** Whether a text has the form of a project's id, also of an old one with a domain, or of its number. */
export function isProject(text: string): boolean {
  return /^(?:(?:[a-z][a-z0-9.-]{0,80}:)?[a-z][a-z0-9-]{0,60}[a-z0-9]|\d{1,20})$/.test(text)
}
