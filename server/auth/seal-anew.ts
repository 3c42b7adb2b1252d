// Encrypts stored secrets anew, from one SWITCHYARD_SECRET to another, while everything runs: each row by itself, and only as it was
// read. Whoever opens rows meanwhile has both secrets.
import { fingerprintOf, makeKeyring, type SecretOwner, sealedUnder, secretsPlace } from "#server/crypto/secrets.ts";
import type { Db } from "#server/database/prisma.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

const PAGE_ROWS = 200;

/** The tables with sealed secrets, and the id for which each row's are sealed. */
const TABLES: { kind: SecretOwner; id: string }[] = [
  { kind: "source", id: "id" },
  { kind: "destination", id: "id" },
  { kind: "transformation", id: "id" },
  { kind: "transformation_version", id: "transformation_id || ':' || version" },
];

export interface SealedAnew {
  sealed: number;
  /** Rows that neither secret opens, such as `source src_…`; they stay as they are. */
  shut: string[];
}

/** Seals under `secret` what is sealed under another that is given. Running it again changes nothing. */
export async function sealAnew(
  db: Db,
  { secret, otherSecret }: { secret: string; otherSecret: string },
): Promise<SealedAnew> {
  const keyring = makeKeyring(secret, otherSecret);
  const done: SealedAnew = { sealed: 0, shut: [] };
  for (const { kind, id } of TABLES) {
    const [table, idOf] = [Prisma.raw(kind), Prisma.raw(id)];
    const readPage = (after: string) => db.$queryRaw<{ id: string; secrets: string }[]>`
      select ${idOf} as id, secrets from ${table}
      where ${idOf} > ${after} and secrets like 'v1.%' and secrets not like ${`v1.${fingerprintOf(secret)}.%`}
      order by 1 limit ${PAGE_ROWS}`;
    let after = "";
    for (let page = await readPage(after); page.length > 0; page = await readPage(after)) {
      for (const row of page) {
        const place = secretsPlace(kind, row.id);
        if (sealedUnder(row.secrets) !== fingerprintOf(otherSecret)) {
          done.shut.push(`${kind} ${row.id}`);
          continue;
        }
        const sealed = keyring.seal(keyring.open(row.secrets, place), place);
        // One that was changed since is sealed by whoever changed it, or found by the next run.
        done.sealed += await db.$executeRaw`
          update ${table} set secrets = ${sealed} where ${idOf} = ${row.id} and secrets = ${row.secrets}`;
      }
      after = page.at(-1)?.id ?? "";
    }
  }
  return done;
}
