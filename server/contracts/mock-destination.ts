// A destination of type MOCK sends nothing: it answers as it is told, so that rules, retries and limits can be tried.
import { z } from "zod";
import { ErrorCode } from "./attempt.ts";
import { DestinationLimits } from "./destination-limits.ts";

/** Failures of a network or a receiver. The other codes are the gateway's own verdicts. */
export const MockErrorCode = ErrorCode.extract([
  "TIMEOUT",
  "CONNECTION_REFUSED",
  "CONNECTION_RESET",
  "DNS_LOOKUP_FAILED",
  "TLS_ERROR",
  "PROTOCOL_ERROR",
]);

const MAX_BODY_LENGTH = 8_192;

export const MockAnswer = z.strictObject({
  status: z.int().min(200).max(599),
  latency_ms: z.int().min(0).max(60_000).meta({ description: "From the start of the attempt to the answer." }),
  body: z.string().max(MAX_BODY_LENGTH),
  error_code: MockErrorCode.nullable().meta({ description: "The attempt fails with it, and there is no answer." }),
});
export type MockAnswer = z.infer<typeof MockAnswer>;

export const MockDestinationConfig = z.strictObject({
  ...MockAnswer.shape,
  answers: z.array(MockAnswer.partial()).max(20).meta({
    description:
      "In turn: the first attempt of an event gets the first, and those after the last get the last. What one leaves out is as above.",
  }),
  ...DestinationLimits.shape,
});
export type MockDestinationConfig = z.infer<typeof MockDestinationConfig>;
