// The sender to destinations of type HTTP: the request as received, signed, through the only way out.
import type { ErrorCode } from "#server/contracts/attempt.ts";
import {
  buildOutgoing,
  type HttpDestination,
  hopsOf,
  MAX_HOPS,
  maskHeaders,
  maskUrl,
  type Outgoing,
  prepareDestination,
  targetUrl,
} from "#server/delivery/outgoing.ts";
import type { AddressPolicy } from "#server/egress/address-policy.ts";
import type { Egress } from "#server/egress/client.ts";
import type { Sender } from "./sender.ts";

export interface HttpTools {
  egress: Egress;
  /** The addresses that the team may reach. */
  policy: AddressPolicy;
  /** Aborts the sends on the wire. */
  signal: AbortSignal;
}

/** The outcome of a try that was refused before a connection was opened. */
const refusal = (code: ErrorCode) => ({ kind: "error", code, seen: null, latencyMs: 0, phases: null }) as const;

export function makeHttpSender(destination: HttpDestination, { egress, policy, signal }: HttpTools): Sender {
  const prepared = prepareDestination(destination, policy);
  const recorded = (outgoing: Outgoing | null, received: string) => ({
    requestedUrl: maskUrl(prepared, outgoing?.url),
    method: outgoing?.method ?? received,
    headers: maskHeaders(outgoing?.headers ?? [], prepared.secretHeaders),
  });
  return {
    async send(event, request, body, { startedAt, onSent }) {
      const refused = (code: ErrorCode, outgoing: Outgoing | null = null) => ({
        ...recorded(outgoing, request.method),
        outcome: refusal(code),
      });
      if (prepared.url.kind === "refused") return refused(prepared.url.code);
      const url = targetUrl(prepared, prepared.url.url, event, request);
      if (url === null) return refused("INVALID_URL");
      const outgoing = buildOutgoing(prepared, url, { event, request, body, now: startedAt });
      if (hopsOf(request) >= MAX_HOPS) return refused("BLOCKED_ADDRESS", outgoing);
      const outcome = await egress.send({
        teamId: event.team_id,
        url: outgoing.url,
        method: outgoing.method,
        headers: outgoing.headers,
        body: outgoing.body.length > 0 ? outgoing.body : null,
        timeoutMs: destination.config.timeout_ms,
        signal,
        onSent,
      });
      return { ...recorded(outgoing, request.method), outcome };
    },
  };
}
