/** What the page is told about the model behind the server: words and model ids, never a project, token or key. */
export type TargetInfo = {
  kind: 'emulator' | 'vertex'
  /** Short, for the badge. */
  name: string
  /** One sentence more. */
  note: string
  /** Model ids to choose from; any other id may be typed in. The first is the default. */
  models: string[]
}
