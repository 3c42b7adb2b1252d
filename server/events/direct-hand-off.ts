// A hand-off as the door tells a worker of its machine once it is committed: with all that routing would claim and read. The table
// stays the truth. What is told is only what stands there, and whoever hears it may do nothing about it.
// docs/decisions/111-told-with-what-came.md
import { storableJson } from "#server/json/storable.ts";
import { HANDED_BODY_BYTES } from "./handed-over.ts";
import type { StoredRequest } from "./stored-request.sql.ts";

/** The life of the claim with which the door writes what it will tell. Nobody else looks at it meanwhile. */
export const TOLD_CLAIM_MS = 1_000;
/** A larger batch is claimed and read as cheaply: its fixed costs are shared. */
const MAX_REQUESTS = 8;
/** Gateways and workers of two versions stand side by side in an upgrade: each reads its own form alone. */
const FORM = 1;

/** A request that the door has just stored. */
type ToldRequest = Omit<StoredRequest, "body" | "source_type" | "facts"> & { body: Buffer };

/** What the door has written of the hand-off. */
export interface WrittenHandOff {
  id: string;
  /** That of the configuration at the time of the write. */
  configVersion: bigint;
}

export interface DirectHandOff extends WrittenHandOff {
  requests: ToldRequest[];
  /** Of each request, whether the door marked it NO_CONNECTION. */
  marks: boolean[];
}

/** Whether requests with these bodies are told. */
export const isTellable = (bodies: readonly Pick<Buffer, "length">[]): boolean =>
  bodies.length <= MAX_REQUESTS && bodies.every(({ length }) => length <= HANDED_BODY_BYTES);

/** Four bytes with the length of the head, the head as JSON, and the bodies one after the other. */
export function encodeHandOff({ id, configVersion, requests, marks }: DirectHandOff): Buffer {
  const heads = requests.map(({ body, created_at, ...head }) => ({
    ...head,
    created_at: created_at.getTime(),
    stored_bytes: body.length,
  }));
  // Texts are told as Postgres holds them.
  const head = Buffer.from(
    storableJson({ form: FORM, id, configVersion: String(configVersion), marks, requests: heads }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, ...requests.map(({ body }) => body)]);
}

/** The hand-off that was encoded, null where another version has done it. Its bodies are parts of `bytes`. */
export function decodeHandOff(bytes: Buffer): DirectHandOff | null {
  const bodiesAt = 4 + bytes.readUInt32BE(0);
  const { form, id, configVersion, marks, requests } = JSON.parse(bytes.toString("utf8", 4, bodiesAt));
  if (form !== FORM) return null;
  let at = bodiesAt;
  return {
    id,
    configVersion: BigInt(configVersion),
    marks,
    requests: requests.map(({ stored_bytes, created_at, ...head }: Record<string, number>) => {
      const body = bytes.subarray(at, at + (stored_bytes ?? 0));
      at += body.length;
      return { ...head, created_at: new Date(created_at ?? Number.NaN), body };
    }),
  };
}
