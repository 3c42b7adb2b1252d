// Forwards events that have failed for good to the dead letter destination of theirs: each once, a few of every team in turn.
import type { Pool } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { letterId } from "#server/ids.ts";
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
  /** Called after the commit with the destinations that have new work. */
  wakeLanes: (destinationIds: Iterable<string>) => Promise<void>;
}

/** Resolves when none is left, or none that could be written. */
export async function forwardDeadLetters(tools: Tools): Promise<void> {
  for (;;) {
    const letters = await nextLetters(tools.pool);
    const woken = new Set<string>();
    let failures = 0;
    for (const letter of letters) {
      try {
        const destinationId = await forward(tools.pool, letter);
        if (destinationId !== null) woken.add(destinationId);
      } catch (err) {
        if (isDatabaseAway(err)) throw err;
        failures++;
        tools.log.error({ err, event_id: letter.event_id }, "A dead letter could not be written; it is tried again");
      }
    }
    if (woken.size > 0) await tools.wakeLanes(woken);
    if (failures === letters.length) return;
  }
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
