// Reads a backlog of several turn keys: some events of each, however many wait in the others. It steps from turn key to turn key, and
// remembers how far it has read each of them.
import { shownGroup } from "#server/contracts/group-filter.ts";
import type { Pool } from "#server/database/db.ts";
import { type DueEvent, LANE_START, type LaneCursor, readDueEvents } from "./due-events.sql.ts";
import { readDueOfKeys, readTurnKeys } from "./turns.sql.ts";
import type { Place, Turns } from "./turns.ts";

export interface TurnWalk {
  /** The next events of the turn keys that have few ready, without those that were taken already. */
  read(now: Date, ready: Ready, taken: ReadonlySet<string>): Promise<DueEvent[]>;
  /** Whether the last read came to the last turn key. */
  isRound(): boolean;
  /** Whether more is due than was read. */
  hasMore(): boolean;
  /** Forgets how far the turn keys were read. */
  startOver(): void;
}

type Ready = Pick<Turns<unknown>, "size" | "sizeOf">;

const KEYS_PER_LOOK = 200;
const PAGE_EVENTS = 200;
const MAX_OF_KEY = 100;
/** With so many ready, a turn key that has some waits. */
export const MANY_READY = 400;
/** Commits come out of order by milliseconds. */
const REWIND_MS = 1_000;

/**
 * Where an event waits for its turn. Groups take turns whatever source they come from. Events that were routed while there was one
 * connection have no turn key of their own.
 */
export const placeOf = ({ source_id, connection_id, turn_key }: DueEvent): Place => ({
  source: shownGroup(turn_key) === null ? source_id : "",
  key: turn_key ?? connection_id,
});

/** @param isBlocked whether nothing with this turn key may go now: it is then not read */
export function makeTurnWalk(pool: Pool, destinationId: string, isBlocked: (key: string) => boolean): TurnWalk {
  const cursors = new Map<string, LaneCursor>();
  let after = "";
  let hasMore = true;
  let keyless: LaneCursor | null = LANE_START;

  function wants(key: string, ready: Ready, each: number): boolean {
    if (isBlocked(key)) return false;
    const own = ready.sizeOf(key);
    return own === 0 || (own < each / 2 && ready.size() < MANY_READY);
  }

  async function readKeyless(now: Date): Promise<DueEvent[]> {
    if (!keyless) return [];
    const query = { now, cursor: keyless, limit: MAX_OF_KEY, isWithoutTurnKey: true };
    const events = await readDueEvents(pool, destinationId, query);
    const last = events.at(-1);
    // Without more of them the statement would look through all others in vain.
    keyless = last && events.length === MAX_OF_KEY ? cursorAt(last) : null;
    hasMore ||= keyless !== null;
    return events;
  }

  return {
    async read(now, ready, taken) {
      const keys = await readTurnKeys(pool, destinationId, { now, after, limit: KEYS_PER_LOOK });
      after = keys.length === KEYS_PER_LOOK ? (keys.at(-1)?.turn_key ?? "") : "";
      const due = keys.filter(({ is_due }) => is_due);
      const each = Math.max(1, Math.min(MAX_OF_KEY, Math.floor(PAGE_EVENTS / Math.max(1, due.length))));
      const wanted = due
        .filter(({ turn_key }) => wants(turn_key, ready, each))
        .map(({ turn_key }): [string, LaneCursor] => [turn_key, cursors.get(turn_key) ?? LANE_START]);
      const events = await readDueOfKeys(pool, destinationId, { now, wanted, except: taken, limit: each });
      hasMore = after !== "";
      for (const [key, own] of Map.groupBy(events, (event) => event.turn_key ?? "")) {
        const last = own.at(-1);
        hasMore ||= own.length === each;
        if (last) cursors.set(key, own.length === each ? cursorAt(last) : rewound(last));
      }
      const others = ready.size() < MANY_READY ? await readKeyless(now) : [];
      return [...events, ...others.filter(({ id }) => !taken.has(id))];
    },
    isRound: () => after === "",
    hasMore: () => hasMore,
    startOver() {
      cursors.clear();
      keyless = LANE_START;
    },
  };
}

const cursorAt = ({ next_attempt_at, id }: DueEvent): LaneCursor => ({ dueAt: next_attempt_at, id });
const rewound = ({ next_attempt_at }: DueEvent): LaneCursor => ({
  dueAt: new Date(next_attempt_at.getTime() - REWIND_MS),
  id: "",
});
