// Frees what workers of this machine held whose process is gone. A worker does so before it starts, since it mostly takes the
// place of one that died, and again with each sweep.
import type { Queryable } from "#server/database/db.ts";
import type { Log } from "#server/process/log.ts";
import { isGone, type ProcessMark } from "#server/process/process-mark.ts";
import { type FreedWork, findWorkersAt, freeGoneWorkers, type KnownWorker } from "./gone-workers.sql.ts";

/** Returns what became free: the lanes of those destinations are to be woken, and routing to look. Null: nothing. */
export async function freeTheGone(
  db: Queryable,
  { place }: Pick<ProcessMark, "place">,
  log: Log,
): Promise<FreedWork | null> {
  const gone: KnownWorker[] = [];
  for (const worker of await findWorkersAt(db, place)) if (await isGone(worker)) gone.push(worker);
  if (gone.length === 0) return null;
  const freed = await freeGoneWorkers(
    db,
    gone.map(({ holder }) => holder),
  );
  // Another worker may have looked at the same time.
  if (freed.holders.length === 0) return null;
  log.warn({ workers: freed.holders }, "Workers are gone; what they held is free again");
  return freed;
}
