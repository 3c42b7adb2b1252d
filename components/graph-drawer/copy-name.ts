const MAX_NAME = 155;

/** A name for a copy that nothing has yet: `orders-copy`, `orders-copy-2`. */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  const base = `${name.slice(0, MAX_NAME - 10)}-copy`;
  for (let number = 1; ; number++) {
    const wanted = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(wanted)) return wanted;
  }
}
