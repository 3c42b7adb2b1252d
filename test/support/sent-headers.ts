// Headers of attempts as the sender makes them and records them, over all kinds of destination's auth, and lists that only look like it.
import fc from "fast-check";
import type { DestinationAuthType } from "#server/contracts/destination.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { DueEvent } from "#server/delivery/due-events.sql.ts";
import { buildOutgoing, maskHeaders } from "#server/delivery/outgoing.ts";
import { prepareSigner, secretHeaderNames } from "#server/delivery/sign.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import { derivedId, newId } from "#server/ids.ts";
import { headerKey } from "#server/wire/own-headers.ts";
import type { PackedBeside } from "#server/wire/packed-headers.ts";

const SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const AUTHS: { type: DestinationAuthType; auth: object }[] = [
  { type: "SWITCHYARD_SIGNATURE", auth: { signing_secret: SECRET } },
  { type: "SWITCHYARD_SIGNATURE", auth: { signing_secret: SECRET, previous_secret: `whsec_${btoa("x".repeat(24))}` } },
  { type: "CUSTOM_SIGNATURE", auth: { header: "X-Sig", signing_secret: "s", previous_secret: "p" } },
  { type: "BASIC_AUTH", auth: { username: "u", password: "p" } },
  { type: "API_KEY", auth: { api_key: "k" } },
  { type: "BODY_KEY", auth: { api_key: "k" } },
  { type: "BEARER_TOKEN", auth: { token: "t" } },
  { type: "SECRET_PATH", auth: { url_path: "/x" } },
  { type: "NONE", auth: {} },
];

const name = fc.oneof(
  fc.constantFrom(
    "content-type",
    "Content-Type",
    "CONTENT-TYPE",
    "date",
    "Date",
    "user-agent",
    "ETag",
    "accept",
    "server",
    "vary",
  ),
  fc.constantFrom(
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "x-switchyard-event-id",
    "traceparent",
    "i",
    "x",
    "",
  ),
  fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/),
);
const value = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "application/json",
    "***",
    'a "quoted" \\ text',
    "é\u2028",
    "x,y,z",
    "[1]",
    "Fri, 27 Nov 2026 00:00:00 GMT",
  ),
  fc.constantFrom(
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "2026-11-27",
    "Fri, 7 Nov 2026 00:00:00 GMT",
    "fri, 27 Nov 2026 00:00:00 GMT",
  ),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll("\u0000", "")),
);
/** Whatever anybody may send or answer. */
const anyHeaders = fc.array(fc.tuple(name, value), { maxLength: 8 });
const TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

export interface Recorded {
  headers: HeaderList;
  beside: PackedBeside;
}

/** What the sender records of an attempt; in a third of them something was changed that only nearly fits. */
export const recordedHeaders: fc.Arbitrary<Recorded> = fc
  .record({
    atMs: fc.integer({ min: Date.UTC(2026, 10, 27) - 90_000, max: Date.UTC(2026, 10, 27) + 90_000 }),
    auth: fc.constantFrom(...AUTHS),
    received: anyHeaders,
    own: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), fc.constant("own"), { maxKeys: 2 }),
    attempts: fc.nat(50),
    trigger: fc.constantFrom("INITIAL" as const, "AUTOMATIC" as const, "MANUAL" as const, "PROBE" as const),
    verified: fc.boolean(),
    is_masked: fc.boolean(),
    hasTrace: fc.boolean(),
    isOfOtherTime: fc.boolean(),
    change: fc.option(fc.record({ at: fc.nat(30), to: fc.tuple(name, value), isExtra: fc.boolean() }), { freq: 2 }),
  })
  .map(({ atMs, auth, received, own, attempts, change, ...given }) => {
    const requestId = newId("request", atMs - 5_000);
    const id = given.isOfOtherTime ? newId("event", atMs) : derivedId("event", requestId, "web_a");
    const event = {
      id,
      team_id: "tm_a",
      request_id: requestId,
      source_id: "src_a",
      connection_id: "web_a",
      transformed: null,
    } as const;
    const trace: HeaderList = given.hasTrace ? [["traceparent", TRACE]] : [];
    const request = { id: requestId, headers: [...received, ...trace], method: "POST", ...given };
    const ownHeaders = Object.entries(own);
    const { headers } = buildOutgoing(
      {
        signer: prepareSigner(auth.type, auth.auth),
        ownHeaders,
        ownHeaderKeys: new Set(ownHeaders.map(([each]) => headerKey(each))),
        config: { http_method: null },
      },
      new URL("https://receiver.example/"),
      {
        event: { ...event, attempts, trigger: given.trigger } as DueEvent,
        request: request as unknown as SendableRequest,
        body: Buffer.from("{}"),
        now: new Date(atMs),
      },
    );
    const secrets = new Set([...secretHeaderNames(auth.type, auth.auth), ...Object.keys(own)]);
    const recorded = [...maskHeaders(headers, secrets)];
    if (change) recorded.splice(change.at, change.isExtra ? 0 : 1, change.to);
    const { source_id, connection_id } = event;
    const beside = { event_id: id, source_id, connection_id, number: attempts + 1, trigger: given.trigger };
    return { headers: recorded, beside: { ...beside, created_at: new Date(atMs) } };
  });

/** What a receiver may answer, packed beside the same row. */
export const answeredHeaders: fc.Arbitrary<Recorded> = fc
  .tuple(anyHeaders, recordedHeaders)
  .map(([headers, { beside }]) => ({ headers, beside }));
