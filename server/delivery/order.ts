// The order of a lane: lines of events that go one after the other, and lines beside each other. Pure: the reader puts in what it
// has read, the lane takes what may go, and the end of each event lets the next of its line go or closes the line.
import type { OrderSettings } from "#server/contracts/ordering.ts";
import type { Settlement } from "./settle.sql.ts";
import { makeTurns, type Place } from "./turns.ts";

/** A line as it was read. */
export interface ReadLine<Item> {
  key: string;
  /** It has changed since, when the version that is stored is another. */
  version: string;
  /** The first events, in order. */
  items: Item[];
}

export interface ClosingLine {
  key: string;
  version: string;
}

export interface Order<Item> {
  add(line: ReadLine<Item>): void;
  /** How many events may go now: one of each line that has none on its way. */
  ready(): number;
  /** The same, of one turn key. */
  readyOf(turnKey: string): number;
  /** Lets go of the lines whose next events have one of these turn keys, and none on its way. */
  drop(isMeant: (turnKey: string) => boolean): void;
  /** Takes up to `count` of those that may go. Their turn keys take turns, and within one its lines. */
  take(count: number, mayGo?: (item: Item) => boolean): Item[];
  /** The event has left its line, or stays its head: the lane is then done with the line, whatever stands behind. */
  ended(eventId: string, hasLeft: boolean): void;
  /** The lines that nothing is to be done for any more, each once. They stay known until they are forgotten. */
  takeClosing(): ClosingLine[];
  hasClosing(): boolean;
  forget(keys: Iterable<string>): void;
  /** The lines that the lane has in hand. */
  known(): string[];
}

interface Line<Item> extends ReadLine<Item> {
  /** The place of the next item to be taken. */
  next: number;
}

/**
 * @param idOf the id of an item's event
 * @param placeOf where an item waits for its turn
 */
export function makeOrder<Item>(idOf: (item: Item) => string, placeOf: (item: Item) => Place): Order<Item> {
  const known = new Map<string, Line<Item>>();
  /** Lines whose first event may go, with that. */
  const free = makeTurns<{ line: Line<Item>; item: Item }>(({ item }) => placeOf(item));
  /** The line of each event on its way. */
  const onWay = new Map<string, Line<Item>>();
  let closing: Line<Item>[] = [];

  function freeOrClose(line: Line<Item>): void {
    const item = line.items[line.next];
    if (item === undefined) closing.push(line);
    else free.add({ line, item });
  }

  return {
    add(read) {
      if (known.has(read.key)) return;
      const line = { ...read, next: 0 };
      known.set(read.key, line);
      freeOrClose(line);
    },
    ready: free.size,
    readyOf: free.sizeOf,
    drop(isMeant) {
      for (const { line } of free.drop(isMeant)) known.delete(line.key);
    },
    take(count, mayGo = () => true) {
      return free
        .take(count, ({ item }) => mayGo(item))
        .map(({ line, item }) => {
          line.next++;
          onWay.set(idOf(item), line);
          return item;
        });
    },
    ended(eventId, hasLeft) {
      const line = onWay.get(eventId);
      if (!line) return;
      onWay.delete(eventId);
      if (hasLeft) freeOrClose(line);
      else closing.push(line);
    },
    takeClosing() {
      const taken = closing;
      closing = [];
      return taken.map(({ key, version }) => ({ key, version }));
    },
    forget(keys) {
      for (const key of keys) known.delete(key);
    },
    hasClosing: () => closing.length > 0,
    known: () => [...known.keys()],
  };
}

type End = Pick<Settlement, "status" | "ended_because">;

/** Whether the next event of the line may go after this result. */
export const leavesItsLine = ({ status, ended_because }: End): boolean =>
  status === "DELIVERED" || status === "CANCELLED" || (status === "FAILED" && ended_because === "skipped_in_order");

/** An event that has failed for good is passed over where the destination says so, whatever the reason. */
export function inOrder<S extends End>(settlement: S, settings: OrderSettings | undefined): S {
  const isPassedOver =
    settlement.status === "FAILED" && settings && settings.ordering !== "none" && settings.on_order_failure === "skip";
  return isPassedOver ? { ...settlement, ended_because: "skipped_in_order" } : settlement;
}
