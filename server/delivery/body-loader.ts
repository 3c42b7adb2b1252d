// Bodies of events, loaded when their turn comes. Large ones are read one by one, and all lanes together hold a bounded
// number of bytes of each team.

import type { Pool, Queryable } from "#server/database/db.ts";
import { loadBody, type SendableRequest } from "#server/events/stored-request.sql.ts";
import { type BodyBudget, makeBodyBudget } from "./body-budget.ts";
import type { DueEvent } from "./due-events.sql.ts";

export interface LoadedBody {
  bytes: Buffer;
  /** Gives back the memory that the body counts for. */
  release(): void;
}

export interface BodyLoader extends BodyBudget {
  /** Loads the exact bytes to deliver, for an event that was read without them. */
  load(event: DueEvent, request: SendableRequest): Promise<LoadedBody>;
}

/** The exact bytes to deliver, where they were read with the event, as most are. */
export const inlineBody = (event: DueEvent, request: SendableRequest): Buffer | null =>
  event.has_own_body ? event.transformed_body : request.body;

export function makeBodyLoader(pool: Pool): BodyLoader {
  const budget = makeBodyBudget();

  async function loadLarge(event: DueEvent, request: SendableRequest, bytes: number) {
    const release = await budget.hold(event.team_id, bytes);
    try {
      const load = event.has_own_body ? loadTransformedBody(pool, event) : loadBody(pool, request.team_id, request.id);
      const bytes = await load;
      // Nothing is better than an empty body: the send fails inside, and its event has been cancelled or is gone.
      if (bytes === null) throw new Error(`The body of the event ${event.id} is gone.`);
      return { bytes, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  return { load: (event, request) => loadLarge(event, request, request.body_bytes), hold: budget.hold };
}

/** The body that a transform gave; null where it is gone. */
export async function loadTransformedBody(
  pool: Queryable,
  event: Pick<DueEvent, "team_id" | "id">,
): Promise<Buffer | null> {
  const { rows } = await pool.query({
    name: "load-transformed-body",
    text: "select transformed_body from event where team_id = $1 and id = $2",
    values: [event.team_id, event.id],
  });
  return rows[0]?.transformed_body ?? null;
}
