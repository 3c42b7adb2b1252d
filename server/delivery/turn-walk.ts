// Reads a backlog of several turn keys: some events of each, or lines of events, however many wait in the others. It steps from turn
// key to turn key, and remembers how far it has read each of them.
import { shownGroup } from "#server/contracts/group-filter.ts";
import { type DueEvent, LANE_START, type LaneCursor } from "./due-events.sql.ts";
import type { OfKeys, TurnKey } from "./turns.sql.ts";
import type { Place, Turns } from "./turns.ts";

export interface TurnWalk<Row> {
  /** The next rows of the turn keys that have few ready, without those that were taken already. */
  read(now: Date, ready: Ready, taken: ReadonlySet<string>): Promise<Row[]>;
  /** Whether more is due than was read. */
  hasMore(): boolean;
  /** Forgets how far the turn keys were read. */
  startOver(): void;
  /** Something was sent of what was read, or of what was ready before. */
  took(): void;
  /** Whether that was since the last read: the next page is then worth reading at once. */
  isFruitful(): boolean;
  /** The last read took so long. */
  looked(ms: number): void;
  /** How long after the last read the next may come. */
  pauseMs(hasNews: boolean): number;
}

/** What is walked over. */
export interface WalkedRows<Row> {
  readKeys(query: { now: Date; after: string; limit: number }): Promise<TurnKey[]>;
  readOf(query: OfKeys): Promise<Row[]>;
  /** Reads those without a turn key, where there may be such. */
  readKeyless?(query: { now: Date; cursor: LaneCursor; limit: number }): Promise<Row[]>;
  keyOf(row: Row): string;
  /** The place of a row among those of its turn key. Its `id` tells the row from all others. */
  placeOf(row: Row): { dueAt: Date; id: string };
  /** Where to go on behind this row, which was the last of its turn key that was due. */
  afterLast(row: Row): LaneCursor;
}

type Ready = Pick<Turns<unknown>, "size" | "sizeOf">;

const KEYS_PER_LOOK = 200;
const PAGE_ROWS = 200;
const MAX_OF_KEY = 100;
/** With so many ready, a turn key that has some waits. */
export const MANY_READY = 400;
/** Under a stream of news one look takes several events: its fixed cost is that of twenty. */
const MIN_INTERVAL_MS = 15;
/** A retry becomes due without an announcement. */
export const REREAD_MS = 1_000;
/** Looking for more takes at most this share of the time while nothing is sent, or enough is ready. */
const LOOK_SHARE = 1 / 4;
/** The same of the rounds in which nothing was sent, as long as there is no news. */
const IDLE_SHARE = 1 / 20;
const MAX_REST_MS = 5_000;

/**
 * Where an event waits for its turn. Groups take turns whatever source they come from. Events that were routed while there was one
 * connection have no turn key of their own.
 */
export const placeOf = ({ source_id, connection_id, turn_key }: DueEvent): Place => ({
  source: shownGroup(turn_key) === null ? source_id : "",
  key: turn_key ?? connection_id,
});

/** @param isBlocked whether nothing with this turn key may go now: it is then not read */
export function makeTurnWalk<Row>(rows: WalkedRows<Row>, isBlocked: (key: string) => boolean): TurnWalk<Row> {
  const cursors = new Map<string, LaneCursor>();
  let after = "";
  let hasMore = true;
  const start = rows.readKeyless ? LANE_START : null;
  let keyless = start;
  let hasTaken = false;
  let lookMs = 0;
  let roundMs = 0;
  let restMs = REREAD_MS;

  function wants(key: string, ready: Ready, each: number): boolean {
    if (isBlocked(key)) return false;
    const own = ready.sizeOf(key);
    return own === 0 || (own < each / 2 && ready.size() < MANY_READY);
  }

  async function readKeyless(now: Date): Promise<Row[]> {
    if (!keyless) return [];
    const read = (await rows.readKeyless?.({ now, cursor: keyless, limit: MAX_OF_KEY })) ?? [];
    const last = read.at(-1);
    // Without more of them the statement would look through all others in vain.
    keyless = last && read.length === MAX_OF_KEY ? rows.placeOf(last) : null;
    hasMore ||= keyless !== null;
    return read;
  }

  return {
    async read(now, ready, taken) {
      hasTaken = false;
      const keys = await rows.readKeys({ now, after, limit: KEYS_PER_LOOK });
      after = keys.length === KEYS_PER_LOOK ? (keys.at(-1)?.turn_key ?? "") : "";
      const due = keys.filter(({ is_due }) => is_due);
      const each = Math.max(1, Math.min(MAX_OF_KEY, Math.floor(PAGE_ROWS / Math.max(1, due.length))));
      const wanted = due
        .filter(({ turn_key }) => wants(turn_key, ready, each))
        .map(({ turn_key }): [string, LaneCursor] => [turn_key, cursors.get(turn_key) ?? LANE_START]);
      const read = await rows.readOf({ now, wanted, except: taken, limit: each });
      hasMore = after !== "";
      for (const [key, own] of Map.groupBy(read, rows.keyOf)) {
        const last = own.at(-1);
        hasMore ||= own.length === each;
        if (last) cursors.set(key, own.length === each ? rows.placeOf(last) : rows.afterLast(last));
      }
      const others = ready.size() < MANY_READY ? await readKeyless(now) : [];
      return [...read, ...others.filter((row) => !taken.has(rows.placeOf(row).id))];
    },
    hasMore: () => hasMore,
    startOver() {
      cursors.clear();
      keyless = start;
    },
    took() {
      hasTaken = true;
      roundMs = 0;
      restMs = REREAD_MS;
    },
    isFruitful: () => hasTaken,
    looked(ms) {
      lookMs = ms;
      roundMs += ms;
      if (after !== "") return;
      restMs = Math.min(MAX_REST_MS, Math.max(REREAD_MS, roundMs / IDLE_SHARE));
      roundMs = 0;
    },
    pauseMs: (hasNews) => (after === "" && !hasNews ? restMs : Math.max(MIN_INTERVAL_MS, lookMs / LOOK_SHARE)),
  };
}
