import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import type { Db } from "#server/database/prisma.ts";
import { apiKeyRow, hashApiKey, newApiKey } from "./api-key.ts";
import { recordAudit } from "./audit.ts";

export const DEFAULT_TEAM = "tm_default";

export interface Bootstrapped {
  created: boolean;
  /** The key, when one was made here; null when it was given. */
  key: string | null;
}

/**
 * Makes team `tm_default`, and one key for it when there is no key at all. A `given` key is registered instead, any number
 * of times; one that was revoked stays revoked.
 */
export async function bootstrap(db: Db, given: string | undefined, now: Date): Promise<Bootstrapped> {
  return db.$transaction(async (tx) => {
    await tx.$executeRawUnsafe("select pg_advisory_xact_lock($1::bigint)", ADVISORY_LOCKS.bootstrap);
    const by = { teamId: DEFAULT_TEAM, actor: { kind: "system", id: "start" } as const, app: { now: () => now } };
    if ((await tx.team.count({ where: { id: DEFAULT_TEAM } })) === 0) {
      const team = { id: DEFAULT_TEAM, name: "Default", created_at: now, updated_at: now };
      await tx.team.create({ data: team, select: { id: true } });
      await recordAudit(tx, by, "create", "team", DEFAULT_TEAM, { after: { name: team.name } });
    }
    const where = given === undefined ? {} : { key_hash: hashApiKey(given) };
    if ((await tx.apiKey.count({ where })) > 0) return { created: false, key: null };
    const key = given ?? newApiKey();
    const first = { name: "first key", scope: "write" as const, teamIds: [DEFAULT_TEAM], expiresAt: null };
    const data = apiKeyRow(now, { ...first, key, madeBy: by.actor });
    await tx.apiKey.create({ data, select: { id: true } });
    await recordAudit(tx, by, "create", "api_key", data.id, { after: { name: data.name, scope: data.scope } });
    return { created: true, key: given === undefined ? key : null };
  });
}
