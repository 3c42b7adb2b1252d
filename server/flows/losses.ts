// Costs of a change: events that end, wait or go elsewhere, and senders that are refused.

import type { Ctx } from "#server/auth/ctx.ts";
import type { FlowLoss } from "#server/contracts/flow.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import type { Tx } from "#server/resources/transact.ts";
import type { Difference } from "./facts.ts";
import type { Running } from "./running.ts";

interface Waiting {
  /** Queued, scheduled, retrying and held. */
  pending: number;
  held: number;
  failed: number;
}
const NONE: Waiting = { pending: 0, held: 0, failed: 0 };
export type CountWaiting = (kind: "source" | "connection" | "destination", id: string) => Waiting;

/** The events of every branch of the team that have not ended well. */
export async function readWaiting(db: Tx, ctx: Ctx): Promise<CountWaiting> {
  const rows = await db.$queryRawUnsafe<
    ({ source_id: string; connection_id: string; destination_id: string } & Waiting)[]
  >(
    `select source_id, connection_id, destination_id,
       sum(queued_count + scheduled_count + retrying_count + hold_count)::int as pending,
       sum(hold_count)::int as held, sum(failed_count)::int as failed
     from (${BRANCH_COUNT_ROWS}) as counted where team_id = $1 group by source_id, connection_id, destination_id`,
    ctx.teamId,
  );
  const sums = new Map<string, Waiting>();
  for (const { source_id, connection_id, destination_id, ...counts } of rows) {
    for (const id of [source_id, connection_id, destination_id]) {
      const sum = sums.get(id) ?? NONE;
      sums.set(id, {
        pending: sum.pending + counts.pending,
        held: sum.held + counts.held,
        failed: sum.failed + counts.failed,
      });
    }
  }
  return (_kind, id) => sums.get(id) ?? NONE;
}

const events = (count: number, one: string, many: string) =>
  count === 1 ? `1 event ${one}` : `${count} events ${many}`;

export function lossesOfDelete(running: Running, count: CountWaiting): FlowLoss[] {
  if (running.kind === "source")
    return [{ kind: "url", count: null, says: "Its URL goes: whoever still sends there gets 404." }];
  if (running.kind === "transformation")
    return [{ kind: "settings", count: null, says: "Its code and its versions go." }];
  if (running.kind === "destination") return [{ kind: "settings", count: null, says: "Its settings and secrets go." }];
  const { pending, failed } = count("connection", running.id);
  const losses: FlowLoss[] = [];
  if (pending > 0)
    losses.push({
      kind: "pending_events",
      count: pending,
      says: `${events(pending, "that waits is", "that wait are")} cancelled.`,
    });
  if (failed > 0)
    losses.push({
      kind: "failed_events",
      count: failed,
      says: `${events(failed, "that failed can", "that failed can")} no longer be replayed here.`,
    });
  return losses;
}

/** Of a change by its fields. */
export function lossesOfUpdate(running: Running, fields: readonly Difference[], count: CountWaiting): FlowLoss[] {
  const losses: FlowLoss[] = [];
  const tell = (kind: FlowLoss["kind"], says: string, n: number | null) => losses.push({ kind, count: n, says });
  const changed = (pattern: RegExp) => fields.find(({ path }) => pattern.test(path));
  if (running.kind === "source") {
    if (changed(/^config\.auth/))
      tell("senders", "Whoever proves itself in the old way is refused from then on.", null);
    if (changed(/^disabled$/)?.after === true) tell("senders", "Whatever comes is refused until it is enabled.", null);
    return losses;
  }
  if (running.kind === "transformation") return losses;
  const { pending, held } = count(running.kind, running.id);
  if (pending === 0) return losses;
  const wait = events(pending, "that waits", "that wait");
  if (changed(/^config\.(?:url|bucket|endpoint)$/)) tell("address", `${wait} will go to the new address.`, pending);
  if (changed(/^config\.(?:ordering|ordering_key|groups\.key)$/))
    tell("order", `${wait} will be sorted anew.`, pending);
  if (changed(/^destination$/)) tell("pending_events", `${wait} will still go to the old destination.`, pending);
  if (changed(/^(?:disabled|paused)$/)?.after === true) tell("held_events", `${wait} will be held.`, pending);
  if (held > 0 && changed(/^paused$/)?.after === false)
    tell("held_events", `${events(held, "that is held goes", "that are held go")} out.`, held);
  return losses;
}
