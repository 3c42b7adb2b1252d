// The order of the sources, and of those connections that may stand in any order, in which few of their edges cross. Pure.

/** A connection, or a fold of several. Those of one group may stand in any order among themselves; groups keep theirs. */
export interface Row {
  id: string;
  group: number;
  sourceIds: readonly string[];
}
export interface Order {
  sourceIds: readonly string[];
  rows: readonly Row[];
}

const ROUNDS = 8;
const SWITCH_ROUNDS = 20;
const MOST_TO_INSERT = 500;

const positions = (ids: readonly string[]) => new Map(ids.map((id, i) => [id, i]));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** For each source the places of its connections, from the top. */
function placesOf({ sourceIds, rows }: Order): Map<string, number[]> {
  const places = new Map<string, number[]>(sourceIds.map((id) => [id, []]));
  for (const [i, row] of rows.entries()) for (const id of row.sourceIds) places.get(id)?.push(i);
  return places;
}

/** How often two edges of one order cross. */
export function countCrossings(order: Order): number {
  const places = placesOf(order);
  // The number of edges so far that end at or above a row, as a binary indexed tree.
  const tree = new Array<number>(order.rows.length + 1).fill(0);
  let [crossings, edges] = [0, 0];
  for (const id of order.sourceIds) {
    const own = places.get(id) ?? [];
    for (const place of own) {
      let above = 0;
      for (let at = place + 1; at > 0; at -= at & -at) above += tree[at] ?? 0;
      crossings += edges - above;
    }
    for (const place of own) {
      for (let at = place + 1; at < tree.length; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
    }
    edges += own.length;
  }
  return crossings;
}

/** Each source beside its connections; one without any stays behind the others. */
function sortSources(order: Order): Order {
  const places = placesOf(order);
  const middle = new Map(
    order.sourceIds.map((id) => {
      const own = places.get(id) ?? [];
      return [id, own.length > 0 ? mean(own) : Number.POSITIVE_INFINITY];
    }),
  );
  const at = (id: string) => middle.get(id) ?? 0;
  // Infinity minus itself is no number: those without connections keep their order.
  return { ...order, sourceIds: order.sourceIds.toSorted((a, b) => at(a) - at(b) || 0) };
}

/** Each connection of a group beside its sources. */
function sortRows(order: Order): Order {
  const places = positions(order.sourceIds);
  const at = new Map(order.rows.map((row) => [row.id, mean(row.sourceIds.map((id) => places.get(id) ?? 0))]));
  const rows = order.rows.toSorted((a, b) => a.group - b.group || (at.get(a.id) ?? 0) - (at.get(b.id) ?? 0) || 0);
  return { ...order, rows };
}

/** How often the edges of two sources cross when the first stands above the second; both lists from the top. */
function crossingsOf(upper: readonly number[], lower: readonly number[]): number {
  let [crossings, above] = [0, 0];
  for (const place of upper) {
    while (above < lower.length && (lower[above] ?? 0) < place) above += 1;
    crossings += above;
  }
  return crossings;
}

/** Switches neighbours as long as that takes crossings away. */
function switchNeighbours(order: Order): Order {
  const places = placesOf(order);
  const sourceIds = [...order.sourceIds];
  for (let round = 0; round < SWITCH_ROUNDS; round += 1) {
    let isBetter = false;
    for (let i = 1; i < sourceIds.length; i += 1) {
      const [upper = "", lower = ""] = [sourceIds[i - 1], sourceIds[i]];
      const [a, b] = [places.get(upper) ?? [], places.get(lower) ?? []];
      if (crossingsOf(b, a) >= crossingsOf(a, b)) continue;
      sourceIds.splice(i - 1, 2, lower, upper);
      isBetter = true;
    }
    if (!isBetter) break;
  }
  return { ...order, sourceIds };
}

/** Each source where it crosses fewest of those that stand already. It costs the square of their number. */
function insertGreedily(order: Order): Order {
  const places = placesOf(order);
  const sourceIds: string[] = [];
  for (const id of order.sourceIds) {
    const own = places.get(id) ?? [];
    // At the top it crosses what it does above all others; on its way down it changes sides with one after the other.
    let cost = 0;
    let [least, at] = [0, 0];
    for (const [i, other] of sourceIds.entries()) {
      const theirs = places.get(other) ?? [];
      cost += crossingsOf(theirs, own) - crossingsOf(own, theirs);
      if (cost < least) [least, at] = [cost, i + 1];
    }
    sourceIds.splice(at, 0, id);
  }
  return { ...order, sourceIds };
}

/** Some rounds of placing each side beside the other, as long as that takes crossings away. */
function improve(start: Order): { order: Order; crossings: number } {
  let best = { order: start, crossings: countCrossings(start) };
  let order = start;
  for (let round = 0; round < ROUNDS && best.crossings > 0; round += 1) {
    order = sortRows(switchNeighbours(sortSources(order)));
    const crossings = countCrossings(order);
    if (crossings < best.crossings) best = { order, crossings };
  }
  return best;
}

/** An order with few crossings. The one given decides where all else is equal. */
export function fewCrossings(given: Order): Order {
  const starts = [sortRows(given), sortSources(given)];
  if (given.sourceIds.length <= MOST_TO_INSERT) starts.push(insertGreedily(given));
  const found = starts.map(improve);
  return found.reduce((best, one) => (one.crossings < best.crossings ? one : best)).order;
}
