// The way of dead letters between destinations: no circle, and whoever takes them is made first.
import type { FlowProblem } from "#server/contracts/flow.ts";
import { type Declared, type DeclaredDestination, problemAt } from "./declared.ts";
import type { Running } from "./running.ts";

const destinationsOf = (declared: readonly Declared[]) =>
  declared.filter((each): each is DeclaredDestination => each.kind === "destination");

/** Circles among what the file declares and what runs and was read with it. */
export function letterCircles(declared: readonly Declared[], running: readonly Running[]): FlowProblem[] {
  const next = new Map<string, string | null>();
  for (const each of running) if (each.kind === "destination") next.set(each.name, each.deadLetter);
  const own = destinationsOf(declared);
  for (const { name, deadLetter } of own) next.set(name, deadLetter);
  return own.flatMap(({ name, deadLetter, origin }) => {
    const seen = new Set([name]);
    for (let at = deadLetter; at !== null; at = next.get(at) ?? null) {
      if (at === name) {
        const message =
          deadLetter === name
            ? "A destination cannot take its own dead letters: choose another one."
            : `Dead letters would come back here by way of ${[...seen].slice(1, 6).join(", ")}: choose another one.`;
        return [problemAt(origin.flow, `${origin.at}.deadLetter`, message)];
      }
      if (seen.has(at)) return [];
      seen.add(at);
    }
    return [];
  });
}

/** In the order in which they can be made: transformations, destinations after those that take their dead letters, ends, connections. */
export function inOrder<T extends { declared: Declared }>(pairs: readonly T[]): T[] {
  const destinations = new Map(
    pairs.flatMap((pair) => (pair.declared.kind === "destination" ? [[pair.declared.name, pair] as const] : [])),
  );
  const sorted: T[] = [];
  const done = new Set<string>();
  for (const [name] of destinations) {
    // The line from here to one that sends no letters on; what is done is not walked again.
    const line: string[] = [];
    for (let at: string | null = name; at !== null && !done.has(at) && destinations.has(at); ) {
      done.add(at);
      line.push(at);
      const { declared } = destinations.get(at) as T;
      at = declared.kind === "destination" ? declared.deadLetter : null;
    }
    for (const each of line.reverse()) sorted.push(destinations.get(each) as T);
  }
  const of = (kind: Declared["kind"]) => pairs.filter(({ declared }) => declared.kind === kind);
  return [...of("transformation"), ...sorted, ...of("source"), ...of("connection")];
}
