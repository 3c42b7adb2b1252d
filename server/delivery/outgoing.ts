// The HTTP request of one attempt: the producer's request as received, or as its transform left it, with the headers that
// prove it.
import type { HttpDestinationConfig } from "#server/contracts/destination.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { HOP_BY_HOP, namedByConnection } from "#server/contracts/hop-by-hop.ts";
import { MASK } from "#server/contracts/mask.ts";
import type { AddressPolicy } from "#server/egress/address-policy.ts";
import { checkUrl, forwardUrl, type UrlVerdict } from "#server/egress/url-policy.ts";
import { wholeUrl } from "#server/egress/whole-url.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import { newSpanId } from "#server/ids.ts";
import { headerKey, isOwnHeader } from "#server/wire/own-headers.ts";
import { readTrace, traceOf } from "#server/wire/trace-context.ts";
import type { DueEvent } from "./due-events.sql.ts";
import { prepareSigner, type Signer, secretHeaderNames } from "./sign.ts";

/** The part of a destination of type HTTP that sending needs. */
export interface HttpDestination {
  id: string;
  config: HttpDestinationConfig;
}

/** A destination prepared for sending, once per version of its configuration. */
export interface PreparedDestination {
  id: string;
  config: HttpDestinationConfig;
  url: UrlVerdict;
  signer: Signer;
  /** Lower-case names of the headers whose values are secrets. */
  secretHeaders: ReadonlySet<string>;
  ownHeaders: HeaderList;
  /** The names of `ownHeaders` as `headerKey` gives them. */
  ownHeaderKeys: ReadonlySet<string>;
}

/** The parts that a destination adds to a request. */
type OutgoingParts = Pick<PreparedDestination, "signer" | "ownHeaders" | "ownHeaderKeys"> & {
  config: Pick<HttpDestinationConfig, "http_method">;
};

export interface Outgoing {
  url: URL;
  method: string;
  /** In the order they are sent. */
  headers: HeaderList;
  body: Buffer;
}

/** Headers of one hop, headers between the producer and this gateway alone, and headers that this sender writes. */
const NOT_FORWARDED = new Set([
  ...HOP_BY_HOP,
  ...["expect", "host", "content-length", "authorization", "cookie", "accept-encoding", "traceparent", "tracestate"],
  ...["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded", "x-real-ip"],
]);
/** Whether a header of the producer may leave this gateway. */
export const isForwarded = ([name, value]: HeaderList[number]): boolean =>
  value !== MASK && !NOT_FORWARDED.has(headerKey(name)) && !isOwnHeader(headerKey(name));

/** Of a request that was sent again after its masks were applied: these are not the bytes that came. */
const MASKED: HeaderList = [["x-switchyard-masked", "true"]];
const HOPS_HEADER = "x-switchyard-hops";
/** A destination that leads back to one of our sources would loop for ever. */
export const MAX_HOPS = 5;

export function prepareDestination(destination: HttpDestination, policy: AddressPolicy): PreparedDestination {
  const { config } = destination;
  const ownHeaders = Object.entries(config.headers);
  return {
    id: destination.id,
    config,
    url: checkUrl(wholeUrl(config), policy),
    signer: prepareSigner(config.auth_type, config.auth),
    secretHeaders: new Set([
      ...secretHeaderNames(config.auth_type, config.auth),
      ...ownHeaders.map(([name]) => name.toLowerCase()),
    ]),
    ownHeaders,
    ownHeaderKeys: new Set(ownHeaders.map(([name]) => headerKey(name))),
  };
}

/** The URL of an attempt; null when the path to be appended would lead elsewhere. */
export function targetUrl(
  prepared: PreparedDestination,
  base: URL,
  event: DueEvent,
  request: SendableRequest,
): URL | null {
  if (prepared.config.path_forwarding_disabled) return base;
  const { path, query } = event.transformed ?? request;
  if (path === "/" && query === "") return base;
  return forwardUrl(base, path === "/" ? "" : path, query);
}

/** The values of the header with this lower-case name. */
function headerValues(headers: HeaderList, nameLower: string): string[] {
  const values: string[] = [];
  for (const [name, value] of headers) {
    if (name.length === nameLower.length && name.toLowerCase() === nameLower) values.push(value);
  }
  return values;
}

/** The number of times that the request has passed through a Switchyard, this one or another. */
export function hopsOf(request: SendableRequest): number {
  const counts = headerValues(request.headers, HOPS_HEADER).filter((value) => /^\d{1,9}$/.test(value));
  return Math.max(0, ...counts.map(Number));
}

/** Builds the headers, anew for each attempt: time stamp, signature and number differ. */
export function buildOutgoing(
  prepared: OutgoingParts,
  url: URL,
  { event, request, body, now }: { event: DueEvent; request: SendableRequest; body: Buffer; now: Date },
): Outgoing {
  const received = event.transformed?.headers ?? request.headers;
  const sent = prepared.signer.bodyOf(body);
  const signed = prepared.signer.sign({ id: event.id, timestampSeconds: Math.floor(now.getTime() / 1000), body: sent });
  const added: HeaderList = [
    ...prepared.ownHeaders,
    ...signed,
    ["x-switchyard-event-id", event.id],
    ["x-switchyard-request-id", event.request_id],
    ["x-switchyard-source", event.source_id],
    ["x-switchyard-connection-id", event.connection_id],
    ["x-switchyard-attempt", String(event.attempts + 1)],
    ["x-switchyard-trigger", event.trigger],
    ["x-switchyard-verified", String(request.verified)],
    [HOPS_HEADER, String(hopsOf(request) + 1)],
    ...(request.is_masked ? MASKED : []),
    ["traceparent", traceparent(event, request)],
  ];
  const named = namedByConnection([
    ...headerValues(request.headers, "connection"),
    ...(received === request.headers ? [] : headerValues(received, "connection")),
  ]);
  const signedKeys = signed.map(([name]) => headerKey(name));
  const headers = received.filter(([name, value]) => {
    const key = headerKey(name);
    return !(
      value === MASK ||
      NOT_FORWARDED.has(key) ||
      isOwnHeader(key) ||
      prepared.ownHeaderKeys.has(key) ||
      signedKeys.includes(key) ||
      named.has(name.toLowerCase())
    );
  });
  for (const header of added) headers.push(header);
  const method = prepared.config.http_method ?? event.transformed?.method ?? request.method;
  return { url, method, headers, body: sent };
}

/** The headers as they are recorded, with secret values masked. */
export function maskHeaders(headers: HeaderList, secretHeaders: ReadonlySet<string>): HeaderList {
  if (secretHeaders.size === 0) return headers;
  return headers.map(([name, value]) => [name, secretHeaders.has(name.toLowerCase()) ? MASK : value]);
}

/** The URL as it is recorded: without a path that is a secret. Of the destination's own query, which may hold a token, only the names are kept. */
export function maskUrl(prepared: PreparedDestination, url: URL | undefined): string {
  const base = prepared.url.kind === "refused" ? null : prepared.url.url;
  const shown = url ?? base;
  if (!shown) return prepared.config.url;
  if (prepared.config.auth_type === "SECRET_PATH") return `${shown.origin}/${MASK}`;
  if (!base || base.search === "" || !shown.search.startsWith(base.search)) return shown.href;
  const own = base.search.replace(/=[^&]*/g, `=${MASK}`);
  return `${shown.origin}${shown.pathname}${own}${shown.search.slice(base.search.length)}`;
}

/** W3C Trace Context: continues the producer's trace, or begins one that all attempts of the event share. */
function traceparent(event: DueEvent, request: SendableRequest): string {
  const sent = readTrace(request.headers);
  return `00-${traceOf(event.request_id, sent)}-${newSpanId()}-${sent?.flags ?? "01"}`;
}
