/** At the head of a line, as formatters put them; what stands between may be names, and a type alone. */
const STATIC = /^\s*(?:import|export)\b(?:[^'"]*?\bfrom)?\s*['"]([^'"]+)['"]/gm
const CALLED = /\bimport\(\s*['"]([^'"]+)['"]/g

/** Everything that formatted code imports or exports from, types and `import()` with a literal included. */
export function importsOf(code: string): string[] {
  return [...code.matchAll(STATIC), ...code.matchAll(CALLED)].flatMap(([, specifier]) => specifier ?? [])
}
