import { pathPieces } from "#server/egress/path-pieces.ts";
import { LEADS_BACK } from "#server/egress/url-policy.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { isSourceKey } from "#server/ids.ts";
import type { Tx } from "./transact.ts";

/**
 * Refuses a destination's URL whose path holds the key of a source, whatever the host. A proxy or an alias of ours may
 * still lead to it, and each connection back multiplies the requests that go round. Keys cannot be guessed, so nobody
 * learns of another team's keys by asking.
 *
 * @param field where the address stands in the input
 * @throws AppError UNPROCESSABLE there
 */
export async function refuseOwnSource(tx: Pick<Tx, "source">, url: string | undefined, field: string): Promise<void> {
  const keys = url === undefined ? [] : pathPieces(new URL(url)).filter(isSourceKey);
  if (keys.length === 0) return;
  const source = await tx.source.findFirst({ where: { key: { in: keys } }, select: { id: true } });
  if (source) throw wrongField(field, LEADS_BACK.message);
}
