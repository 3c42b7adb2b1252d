import { z } from "zod";
import { GroupFilter } from "./group-filter.ts";
import { HeaderList } from "./header-list.ts";
import { PageInput } from "./page.ts";
import { manyOf, ResponseStatuses, WholeNumber } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";

export const AttemptTrigger = z
  .enum(["INITIAL", "AUTOMATIC", "MANUAL", "BULK", "UNPAUSE", "PROBE", "DEAD_LETTER"])
  .meta({
    description:
      "`PROBE`: an open breaker tried whether the receiver is well again. A probe that fails costs no retry. `DEAD_LETTER`: the event tells of another one that has failed for good.",
  });
export type AttemptTrigger = z.infer<typeof AttemptTrigger>;

export const ErrorCode = z.enum([
  "TIMEOUT",
  "CONNECTION_REFUSED",
  "CONNECTION_RESET",
  "DNS_LOOKUP_FAILED",
  "TLS_ERROR",
  "BLOCKED_ADDRESS",
  "TOO_MANY_REDIRECTS",
  "INVALID_URL",
  "PROTOCOL_ERROR",
  "BAD_RESPONSE",
  "CANCELLED",
  "INTERNAL",
  "REQUEST_GONE",
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

const Milliseconds = z.number().min(0);

/** They follow each other without a gap and add up to the latency. */
export const AttemptPhases = z
  .object({
    dns_ms: Milliseconds.meta({ description: "Looking the name up." }),
    connect_ms: Milliseconds.meta({ description: "Connecting to the address." }),
    tls_ms: Milliseconds.meta({ description: "The handshake." }),
    wait_ms: Milliseconds.meta({ description: "Writing the request, and waiting for the head of the answer." }),
    read_ms: Milliseconds.meta({ description: "Reading the answer to its end." }),
  })
  .meta({
    description:
      "Where the latency went. A connection that was open already has 0 for `dns_ms`, `connect_ms` and `tls_ms`. The phase in which an attempt broke off has the rest of its time. Null where nothing was sent.",
  });
export type AttemptPhases = z.infer<typeof AttemptPhases>;

/** One HTTP try of an event. */
export const Attempt = z.object({
  id: z.string(),
  team_id: z.string(),
  event_id: z.string(),
  source_id: z.string(),
  connection_id: z.string(),
  destination_id: z.string(),
  number: z.int(),
  trigger: AttemptTrigger,
  requested_url: z.string(),
  http_method: z.string(),
  request_headers: HeaderList.meta({ description: "As sent, with secrets masked." }),
  response_status: z.int().nullable(),
  response_headers: HeaderList.nullable(),
  response_body: z.string().nullable().meta({ description: "The first 32 KiB, read as UTF-8." }),
  error_code: ErrorCode.nullable(),
  explanation: z
    .string()
    .nullable()
    .meta({ description: "What an object store's refusal means, and what to correct. Null elsewhere." }),
  latency_ms: z.number(),
  phases: AttemptPhases.nullable(),
  is_withheld: z.boolean().meta({
    description:
      "Its source masks, and the masks are not applied yet where it is stored: until then headers, answer and the URL behind its host are left out.",
  }),
  created_at: Timestamp,
});
export type Attempt = z.infer<typeof Attempt>;

const MAX_LATENCY_MS = 3_600_000;

/** The outcome of an attempt. */
const AttemptStatus = z.enum(["DELIVERED", "FAILED"]);

export const ListAttempts = PageInput.extend({
  event_id: manyOf(z.string().max(64)),
  source_id: manyOf(z.string().max(64)),
  connection_id: manyOf(z.string().max(64)),
  destination_id: manyOf(z.string().max(64)),
  status: manyOf(AttemptStatus).meta({ description: "`FAILED`: those with an `error_code`." }),
  trigger: manyOf(AttemptTrigger),
  min_latency_ms: WholeNumber(0, MAX_LATENCY_MS).optional(),
  max_latency_ms: WholeNumber(0, MAX_LATENCY_MS).optional(),
  error_code: manyOf(ErrorCode),
  response_status: ResponseStatuses,
  group: GroupFilter,
  with_body: z.stringbool().or(z.boolean()).optional().meta({
    description: "`false` leaves the response bodies out, which may be 32 KiB each: `response_body` is null.",
  }),
});
export type ListAttempts = z.infer<typeof ListAttempts>;
