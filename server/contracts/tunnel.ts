// A tunnel: the webhooks of some sources, brought to a port of a person's machine by `switchyard listen`.
import { z } from "zod";
import { Attempt, AttemptTrigger, ErrorCode } from "./attempt.ts";
import { EventStatus } from "./event.ts";
import { HeaderList } from "./header-list.ts";
import { HeaderName, HttpMethod } from "./http.ts";
import { Name, Timestamp } from "./resource-fields.ts";
import { FilterRule } from "./rule.ts";

/** More sources than a person watches at once. */
export const MAX_TUNNEL_SOURCES = 100;
/** How long one call waits for an event. Proxies give up after half a minute. */
export const MAX_TUNNEL_WAIT_MS = 20_000;
/** More requests than one person's server works on at a time. */
export const MAX_TUNNEL_BUSY = 100;

const Id = z.string().max(64);
const Token = z.string().regex(/^\d{1,19}$/, "Give the token of the last answer.");
const Session = z
  .string()
  .regex(/^[0-9a-f]{32}$/, "Use 32 hexadecimal digits, made at random when the session starts.")
  .meta({
    description: "Tells one listener from another of the same name. A listener that comes back brings its own.",
  });

export const OpenTunnel = z.strictObject({
  name: Name.meta({ description: "Of the destination that stands for the listener in lists and on the graph." }),
  session: Session,
  sources: z
    .array(z.string().min(1).max(155))
    .min(1)
    .max(MAX_TUNNEL_SOURCES)
    .meta({ description: "Ids or names, or `*` for every source that there is now." }),
  filter: FilterRule.optional().meta({ description: "Only what passes becomes an event of the listener." }),
});
export type OpenTunnel = z.infer<typeof OpenTunnel>;

export const Tunnel = z.object({
  id: z.string().meta({ description: "Of its destination." }),
  name: z.string(),
  sources: z.array(z.object({ id: z.string(), name: z.string() })),
  is_connected: z.boolean(),
  seen_at: Timestamp.meta({ description: "When it last asked for events." }),
  created_at: Timestamp,
});
export type Tunnel = z.infer<typeof Tunnel>;

export const ListTunnels = z.strictObject({});
export type ListTunnels = z.infer<typeof ListTunnels>;
export const Tunnels = z.object({ data: z.array(Tunnel) });
export type Tunnels = z.infer<typeof Tunnels>;

export const NextOfTunnel = z.strictObject({
  id: Id,
  session: Session,
  busy: z.array(Id).max(MAX_TUNNEL_BUSY).default([]).meta({ description: "Ids of the events that are under way." }),
  limit: z.int().min(0).max(25).default(10).meta({
    description:
      "The most events in one answer. With 0 the call only keeps the listener's place and does not wait: its server is busy.",
  }),
  wait_ms: z
    .int()
    .min(0)
    .max(MAX_TUNNEL_WAIT_MS)
    .default(MAX_TUNNEL_WAIT_MS)
    .meta({ description: "How long to wait for an event." }),
  methods: z.array(HttpMethod).min(1).max(7).optional().meta({
    description: "Events of other methods are cancelled, as somebody would who does not want them.",
  }),
  verified: z
    .boolean()
    .optional()
    .meta({ description: "Likewise: those of verified requests only, or of others only." }),
});
export type NextOfTunnel = z.infer<typeof NextOfTunnel>;

export const TunnelEvent = z.object({
  id: z.string(),
  request_id: z.string(),
  source_id: z.string(),
  source_name: z.string(),
  connection_id: z.string(),
  event_type: z.string().nullable(),
  attempt_id: z.string().meta({ description: "Of the attempt that begins now; its answer names it." }),
  attempt: z.int(),
  trigger: AttemptTrigger,
  is_verified: z.boolean(),
  method: z.string(),
  path: z.string(),
  query: z.string(),
  headers: HeaderList,
  body_base64: z.string(),
});
export type TunnelEvent = z.infer<typeof TunnelEvent>;

export const TunnelNews = z.object({
  token: Token.meta({ description: "To be sent with the answers. A new one: another had the lane meanwhile." }),
  events: z.array(TunnelEvent),
});
export type TunnelNews = z.infer<typeof TunnelNews>;

/** The failures that a listener meets on its own machine. */
const LocalErrorCode = ErrorCode.extract([
  "TIMEOUT",
  "CONNECTION_REFUSED",
  "CONNECTION_RESET",
  "DNS_LOOKUP_FAILED",
  "TLS_ERROR",
  "PROTOCOL_ERROR",
  "CANCELLED",
]);
const MAX_BASE64 = Math.ceil((32 * 1024) / 3) * 4;
const Headers = HeaderList.max(2_000);

export const AnswerTunnel = z.strictObject({
  id: Id,
  event_id: Id,
  attempt_id: Id,
  token: Token.meta({ description: "As it came with the event." }),
  requested_url: z.string().min(1).max(4_096).meta({ description: "The local URL that was called." }),
  http_method: HttpMethod.or(HeaderName).meta({ description: "The method that it was called with." }),
  request_headers: Headers.meta({ description: "The headers that were sent." }),
  response_status: z.int().min(100).max(599).nullable().meta({ description: "Null where there was no answer." }),
  response_headers: Headers.nullable().meta({ description: "Null where there was no answer." }),
  response_body_base64: z.base64().max(MAX_BASE64).nullable().meta({ description: "Of the first 32 KiB." }),
  error_code: LocalErrorCode.nullable().meta({ description: "Null where the local server has answered to the end." }),
  latency_ms: z.number().min(0).max(3_600_000).meta({ description: "From the call to the end of its answer." }),
});
export type AnswerTunnel = z.infer<typeof AnswerTunnel>;

export const AnsweredTunnel = z.object({
  event_id: z.string(),
  attempt_id: Attempt.shape.id,
  status: EventStatus.meta({ description: "Of the event, behind this attempt." }),
});
export type AnsweredTunnel = z.infer<typeof AnsweredTunnel>;
