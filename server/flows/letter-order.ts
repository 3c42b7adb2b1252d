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

/** Each after the one that takes its dead letters. @param letterOf the name of that one */
function takersFirst<T>(destinations: ReadonlyMap<string, T>, letterOf: (one: T) => string | null): T[] {
  const sorted: T[] = [];
  const done = new Set<string>();
  for (const [name] of destinations) {
    // The line from here to one that sends no letters on; what is done is not walked again.
    const line: T[] = [];
    for (let at: string | null = name; at !== null && !done.has(at); ) {
      const one = destinations.get(at);
      if (one === undefined) break;
      done.add(at);
      line.push(one);
      at = letterOf(one);
    }
    sorted.push(...line.reverse());
  }
  return sorted;
}

/** In the order in which they can be deleted: a destination before the one that takes its dead letters. */
export function inRemovalOrder<T extends { running: Running }>(removed: readonly T[]): T[] {
  const destinations = new Map(
    removed.flatMap((each) => (each.running.kind === "destination" ? [[each.running.name, each] as const] : [])),
  );
  const letterOf = ({ running }: T) => (running.kind === "destination" ? running.deadLetter : null);
  const of = (kind: Running["kind"]) => removed.filter(({ running }) => running.kind === kind);
  return [
    ...of("connection"),
    ...of("source"),
    ...takersFirst(destinations, letterOf).reverse(),
    ...of("transformation"),
  ];
}

/** In the order in which they can be made: transformations, destinations after those that take their dead letters, ends, connections. */
export function inOrder<T extends { declared: Declared }>(pairs: readonly T[]): T[] {
  const destinations = new Map(
    pairs.flatMap((pair) => (pair.declared.kind === "destination" ? [[pair.declared.name, pair] as const] : [])),
  );
  const sorted = takersFirst(destinations, ({ declared }) =>
    declared.kind === "destination" ? declared.deadLetter : null,
  );
  const of = (kind: Declared["kind"]) => pairs.filter(({ declared }) => declared.kind === kind);
  return [...of("transformation"), ...sorted, ...of("source"), ...of("connection")];
}
