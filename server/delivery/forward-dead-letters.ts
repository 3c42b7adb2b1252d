// Forwards events that have failed for good to the dead letter destination of theirs: each once, a few of every team in turn.
import type { Pool } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { letterId } from "#server/ids.ts";
import type { Clock } from "#server/process/clock.ts";
import type { Log } from "#server/process/log.ts";
import { toEnvelope } from "./dead-letter-envelope.ts";
import {
  dropLetter,
  type Letter,
  nextLetters,
  readFailedEvent,
  readLastAttempts,
  writeLetter,
} from "./dead-letters.sql.ts";

interface Tools {
  pool: Pool;
  log: Log;
  clock: Pick<Clock, "monotonicMs">;
  /** Called after the commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Iterable<string>) => Promise<void>;
}

/** Other jobs want the slot as well, and a receiver may fail for hours. */
const TURN_MS = 2_000;

/** Resolves when none is left that could be written, or when its turn is over: true when more may be left. */
export async function forwardDeadLetters(tools: Tools): Promise<boolean> {
  const endsMs = tools.clock.monotonicMs() + TURN_MS;
  // Left out until the next turn, so that they hold up none of those behind them.
  const failed: string[] = [];
  for (;;) {
    const letters = await nextLetters(tools.pool, failed);
    if (letters.length === 0) return false;
    await forwardAll(tools, letters, failed);
    // Never within a page, which has letters of every team.
    if (tools.clock.monotonicMs() >= endsMs) return true;
  }
}

async function forwardAll({ pool, log, wakeLanes }: Tools, letters: Letter[], failed: string[]): Promise<void> {
  const woken = new Set<string>();
  for (const letter of letters) {
    try {
      const destinationId = await forward(pool, letter);
      if (destinationId !== null) woken.add(destinationId);
    } catch (err) {
      if (isDatabaseAway(err)) throw err;
      failed.push(letter.event_id);
      log.error({ err, event_id: letter.event_id }, "A dead letter could not be written; it is tried again");
    }
  }
  if (woken.size > 0) await wakeLanes(woken);
}

const HEAD = {
  method: "POST",
  path: "/",
  query: "",
  headers: [["content-type", "application/json"]] as [string, string][],
};

async function forward(pool: Pool, letter: Letter): Promise<string | null> {
  const event = await readFailedEvent(pool, letter);
  if (!event) {
    await dropLetter(pool, letter);
    return null;
  }
  const because = event.ended_because;
  return writeLetter(pool, {
    ...letter,
    id: letterId(event.request_id, event.id),
    failed_at: event.destination_id,
    head: HEAD,
    body: toEnvelope(event, await readLastAttempts(pool, letter)),
    why: [{ step: "dead_letter", outcome: "forwarded", event_id: event.id, because }],
    now: new Date(),
  });
}
