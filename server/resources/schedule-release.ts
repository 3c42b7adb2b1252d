import { addJobStatement } from "#server/jobs.ts";
import type { Tx } from "./transact.ts";

/** Has what these connections hold put back in line once the transaction has committed, where its reason is over. */
export async function scheduleRelease(tx: Tx, connectionIds: readonly string[]): Promise<void> {
  for (const connectionId of connectionIds) {
    const job = addJobStatement("release-held", { connectionId });
    await tx.$executeRawUnsafe(job.text, ...job.values);
  }
}
