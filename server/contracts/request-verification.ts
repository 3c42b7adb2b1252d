import { z } from "zod";
import { SourceAuthType } from "./source.ts";

export const VerificationCheck = z.object({
  check: z.enum(["header", "time", "length", "value"]).meta({
    description:
      "Is there a signature, was it made at about that time, has it the form of one, and does it belong to what was received and a secret of the source?",
  }),
  outcome: z.enum(["passed", "failed", "not_reached"]),
  detail: z.string(),
});
export type VerificationCheck = z.infer<typeof VerificationCheck>;

/** How the verdict of the door on a request came about. */
export const RequestVerification = z.object({
  auth_type: SourceAuthType.nullable().meta({ description: "The source's today; null where the source was deleted." }),
  checks: z.array(VerificationCheck).meta({
    description:
      "In order. The form is read again by the source's present settings; the value is the door's own verdict.",
  }),
  conclusion: z.string().nullable().meta({
    description: "What the checks that passed make likely; null where nothing failed.",
  }),
});
export type RequestVerification = z.infer<typeof RequestVerification>;
