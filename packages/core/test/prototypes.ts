const watched = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype]

/** The own keys of the prototypes that hostile names aim at: the same before and after whatever is read. */
export function prototypeKeys(): PropertyKey[][] {
  return watched.map((prototype) => Reflect.ownKeys(prototype))
}
