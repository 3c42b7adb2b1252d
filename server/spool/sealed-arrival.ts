// The form in which an arrival lies in the spool: the length of its head (4 bytes), its head as JSON, its body; all of it sealed.
import type { ByteSeals } from "#server/crypto/byte-seal.ts";
import type { Arrival } from "#server/ingest/arrival.ts";

/** Of the key under which arrivals are sealed. */
export const SPOOL_KEY_PURPOSE = "switchyard spool";
const LENGTH_BYTES = 4;

/** Team and id stand beside the sealed bytes, where the spool can see them; a value that is moved does not open. */
const placeOf = (teamId: string, id: string) => `spool:${teamId}:${id}`;

export function sealArrival(seals: ByteSeals, { body, ...head }: Arrival): Buffer {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return seals.seal(Buffer.concat([length, json, body]), placeOf(head.team_id, head.id));
}

/** Throws when it does not open: it was sealed under another key, or is damaged. */
export function openArrival(seals: ByteSeals, sealed: Buffer, teamId: string, id: string): Arrival {
  const bytes = seals.open(sealed, placeOf(teamId, id));
  const bodyAt = LENGTH_BYTES + bytes.readUInt32BE(0);
  // Sealed by one of our own processes, so its form needs no check.
  const head: Omit<Arrival, "body" | "created_at"> & { created_at: string } = JSON.parse(
    bytes.toString("utf8", LENGTH_BYTES, bodyAt),
  );
  return { ...head, created_at: new Date(head.created_at), body: bytes.subarray(bodyAt) };
}
