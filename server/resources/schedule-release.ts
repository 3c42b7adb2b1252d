import { addJobStatement } from "#server/jobs.ts";
import type { Tx } from "./transact.ts";

/**
 * Schedules the release of the events that these connections hold. It runs after the commit, and releases those whose
 * reason is over.
 */
export async function scheduleRelease(tx: Tx, connectionIds: readonly string[]): Promise<void> {
  for (const connectionId of connectionIds) {
    const job = addJobStatement("release-held", { connectionId });
    await tx.$executeRawUnsafe(job.text, ...job.values);
  }
}
