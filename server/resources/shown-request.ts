// Stored requests as anybody may see them: with the masks of their source from the moment they came.
// docs/decisions/062-masked-and-erased.md
import { type Maskable, maskRequest } from "#server/masking/mask-request.ts";

export interface Masks {
  masks: string | null;
  /** Since then the stored form is the masked one. */
  masked_at: Date | null;
}

/** Whether what is stored of a row, and was made of it, may be shown as it stands; SQL. */
export const isShown = (row: string): string => `(${row}.masks is null or ${row}.masked_at is not null)`;

/** Whether what was made of the request may hold what is masked in it. */
export const isWithheld = ({ masks, masked_at }: Masks): boolean => masks !== null && masked_at === null;

export const masksOf = ({ masks }: Masks): string[] => (masks === null ? [] : JSON.parse(masks));

type Readable = Omit<Maskable, "body"> & { body: Uint8Array | null };

/** The row with its masks applied. */
export function withoutMasked<T extends Readable & Masks>(row: T): T {
  if (row.masks === null || row.masked_at !== null) return row;
  return maskRequest({ ...row, body: row.body && Buffer.from(row.body) }, row.masks).request;
}
