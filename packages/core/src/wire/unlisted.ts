/**
 * A field that these types do not list: it passes through, and an index access reaches it (`completion['new_field']`).
 *
 * It is `any` because only an index signature of `any` accepts an interface, and all types of the `openai` package are
 * interfaces. What is Google's own, and so in none of them, has `unknown` instead.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type Unlisted = any

/**
 * Stands for a kind (of part, tool, format) that these types do not list. Such a kind passes through. To write one, assert
 * its name, `{ type: 'new_kind' as UnlistedKind, … }`; to look for one, `(part.type as string) === 'new_kind'`.
 *
 * A pattern and not `string`, because `string` is comparable with every listed kind, and then nothing would narrow.
 */
export type UnlistedKind = `unlisted kind ${string}`
