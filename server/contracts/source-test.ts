// A test from outside: one signed request to a source's public URL, and the question to every gateway whether it knows the source.
import { z } from "zod";
import { ErrorCode } from "./attempt.ts";
import { OwnRequest } from "./own-request.ts";
import { RejectionCause, Verification } from "./request.ts";
import { Timestamp } from "./resource-fields.ts";

/** How a gateway of ours makes itself known in its answer to a test. */
export const GATEWAY_HEADER = "x-switchyard-gateway";
export const REQUEST_HEADER = "x-switchyard-request";

/** What a gateway answers to the question whether it knows a source. */
export const KnownAnswer = z.object({
  gateway_id: z.string(),
  source: z.object({ updated_at: Timestamp }).nullable(),
});
export type KnownAnswer = z.infer<typeof KnownAnswer>;

export const TestSource = z.strictObject({
  id: z.string().max(64),
  route: z.boolean().default(false).meta({
    description: "True routes the request as any webhook: connections deliver it. False keeps it and goes no further.",
  }),
  webhook: OwnRequest.optional().meta({
    description:
      "Sent in place of a sample, with a proof by the source's secret in place of the one that it brings. Its path follows the source's URL.",
  }),
});
export type TestSource = z.infer<typeof TestSource>;

const PublicAnswer = z.object({
  url: z.url(),
  outcome: z.enum(["accepted", "refused", "elsewhere", "not_reached"]).meta({
    description:
      "`refused`: a gateway of this installation said no. `elsewhere`: something answered that is no gateway of this installation. `not_reached`: nothing answered.",
  }),
  detail: z.string().meta({ description: "What happened and what to do, as a sentence." }),
  is_signed: z.boolean().meta({ description: "False where only the provider could sign it, or nothing is asked for." }),
  status: z.int().nullable(),
  error_code: ErrorCode.nullable(),
  latency_ms: z.number(),
  gateway_id: z.string().nullable(),
  request_id: z.string().nullable(),
  verification: Verification.nullable(),
  rejection_cause: RejectionCause.nullable(),
});

const GatewayAnswer = z.object({
  id: z.string(),
  outcome: z.enum(["current", "behind", "unknown", "silent"]).meta({
    description:
      "`current`: it has the source as it is saved. `behind`: it has an earlier revision. `unknown`: it has no such source. `silent`: it lives, but does not answer.",
  }),
  revision: Timestamp.nullable().meta({ description: "The `updated_at` of the source as the gateway has it." }),
  detail: z.string(),
});
export type GatewayAnswer = z.infer<typeof GatewayAnswer>;

export const SourceTest = z.object({
  source_id: z.string(),
  revision: Timestamp.meta({ description: "The source's `updated_at`: what every gateway should have." }),
  answer: PublicAnswer,
  gateways: z.array(GatewayAnswer).meta({ description: "Every gateway that lives, by id." }),
  tested_at: Timestamp,
});
export type SourceTest = z.infer<typeof SourceTest>;

/** A command that signs a webhook as the source's provider does, and sends it. */
export const SourceExample = z.object({
  command: z.string().nullable().meta({ description: "For a shell with curl and openssl. No secret stands in it." }),
  secret_variable: z.string().nullable().meta({ description: "The variable that has to hold the source's secret." }),
  missing_because: z.string().nullable().meta({ description: "Why there is no command." }),
});
export type SourceExample = z.infer<typeof SourceExample>;
