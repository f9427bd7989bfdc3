/** Sets a property that loops, logs and JSON do not see; none where there is no value. */
export function setHidden(target: object, property: PropertyKey, value: unknown): void {
  if (value !== undefined) Object.defineProperty(target, property, { value, configurable: true })
}
