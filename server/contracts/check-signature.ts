import { z } from "zod";
import { Timestamp } from "./resource-fields.ts";

/** A signature and a body as a receiver got them. */
export const CheckSignature = z.strictObject({
  id: z.string().max(64),
  webhook_id: z
    .string()
    .max(255)
    .default("")
    .meta({ description: "The header `webhook-id`; for SWITCHYARD_SIGNATURE." }),
  webhook_timestamp: z
    .string()
    .max(64)
    .default("")
    .meta({ description: "The header `webhook-timestamp`; for it, too." }),
  signature: z
    .string()
    .trim()
    .min(1, "Give the signature that the receiver got.")
    .max(4096)
    .meta({ description: "The header `webhook-signature`, or the header of the destination's own." }),
  body: z
    .string()
    .max(512 * 1024)
    .meta({ description: "The body as the receiver got it." }),
});
export type CheckSignature = z.infer<typeof CheckSignature>;

export const SignaturePart = z.enum(["id", "timestamp", "form", "digest"]);
export type SignaturePart = z.infer<typeof SignaturePart>;

export const CheckedSignature = z.object({
  fits: z.enum(["current", "previous"]).nullable().meta({ description: "The secret that made it; null: neither." }),
  parts: z.array(z.object({ part: SignaturePart, is_good: z.boolean(), says: z.string() })),
  says: z.string().meta({ description: "What follows from the parts, and what to do." }),
  checked_at: Timestamp,
});
export type CheckedSignature = z.infer<typeof CheckedSignature>;
