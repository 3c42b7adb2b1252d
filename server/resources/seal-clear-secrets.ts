// Seals values that were saved before encryption: `env` of transformations and their versions, headers of destinations.
import type { App } from "#server/auth/ctx.ts";
import type { HttpDestinationConfig } from "#server/contracts/destination.ts";
import { withSecrets } from "#server/crypto/secrets.ts";
import { openSealed, sealSecrets } from "./secret-fields.ts";
import { asJson } from "./transact.ts";
import { versionId } from "./transformations.ts";

const isInClear = { NOT: { env: { equals: {} } } };

/** Encrypts the values that are still in clear. Running it again changes nothing. */
export async function sealClearSecrets({ db, keyring }: Pick<App, "db" | "keyring">): Promise<void> {
  for (const { id, env } of await db.transformation.findMany({ where: isInClear, select: { id: true, env: true } })) {
    const secrets = sealSecrets(keyring, "transformation", id, env as object);
    await db.transformation.update({ where: { id }, data: { env: {}, secrets }, select: { id: true } });
  }
  for (const row of await db.transformationVersion.findMany({ where: isInClear })) {
    const { transformation_id, version, env } = row;
    const id = versionId(transformation_id, version);
    const secrets = sealSecrets(keyring, "transformation_version", id, env as object);
    const where = { transformation_id_version: { transformation_id, version } };
    await db.transformationVersion.update({ where, data: { env: {}, secrets }, select: { version: true } });
  }
  for (const row of await db.destination.findMany({
    where: { type: "HTTP" },
    select: { id: true, config: true, secrets: true },
  })) {
    const stored = row.config as HttpDestinationConfig;
    if (Object.keys(stored.headers ?? {}).length === 0) continue;
    const opened = openSealed(keyring, "destination", row);
    if (opened.unusable !== null) continue;
    const { headers } = withSecrets(stored, opened.secrets);
    const secrets = sealSecrets(keyring, "destination", row.id, { ...opened.secrets, headers });
    const data = { config: asJson({ ...stored, headers: {} }), secrets };
    await db.destination.update({ where: { id: row.id }, data, select: { id: true } });
  }
}
