import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

/** Until the transaction ends nobody else starts a bulk operation of the team. */
export async function holdBulkTurn(tx: Prisma.TransactionClient, teamId: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(${ADVISORY_LOCKS.bulk}::int, hashtext(${teamId}))`;
}
