// Bodies of events, loaded when their turn comes. Large ones are read one by one, and all lanes together hold a bounded
// number of bytes.

import type { Pool } from "#server/database/db.ts";
import { loadBody, type SendableRequest } from "#server/events/stored-request.sql.ts";
import type { DueEvent } from "./due-events.sql.ts";

const MAX_LARGE_BYTES = 128 * 1024 * 1024;

export interface LoadedBody {
  bytes: Buffer;
  /** Gives back the memory that the body counts for. */
  release(): void;
}

export interface BodyLoader {
  /** Loads the exact bytes to deliver, for an event that was read without them. */
  load(event: DueEvent, request: SendableRequest): Promise<LoadedBody>;
  /** Waits for the memory of this many bytes. Returns the function that gives it back. */
  hold(bytes: number): Promise<() => void>;
}

/** The exact bytes to deliver, where they were read with the event, as most are. */
export const inlineBody = (event: DueEvent, request: SendableRequest): Buffer | null =>
  event.has_own_body ? event.transformed_body : request.body;

export function makeBodyLoader(pool: Pool): BodyLoader {
  let held = 0;
  const waiting: { bytes: number; start: () => void }[] = [];

  /** Starts in order of arrival. A body larger than the whole budget starts when nothing else is held. */
  function startNext() {
    const [next] = waiting;
    if (!next || (held > 0 && held + next.bytes > MAX_LARGE_BYTES)) return;
    waiting.shift();
    held += next.bytes;
    next.start();
    startNext();
  }

  async function hold(bytes: number): Promise<() => void> {
    await new Promise<void>((start) => {
      waiting.push({ bytes, start });
      startNext();
    });
    return () => {
      held -= bytes;
      startNext();
    };
  }

  async function loadLarge(event: DueEvent, request: SendableRequest, bytes: number) {
    const release = await hold(bytes);
    try {
      const load = event.has_own_body ? loadTransformedBody(pool, event) : loadBody(pool, request.team_id, request.id);
      return { bytes: await load, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  return { load: (event, request) => loadLarge(event, request, request.body_bytes), hold };
}

/** The body that a transform gave. */
export async function loadTransformedBody(pool: Pool, event: Pick<DueEvent, "team_id" | "id">): Promise<Buffer> {
  const { rows } = await pool.query("select transformed_body from event where team_id = $1 and id = $2", [
    event.team_id,
    event.id,
  ]);
  return rows[0]?.transformed_body ?? Buffer.alloc(0);
}
