// The findings of the test of a source from outside, each as a sentence with its remedy. Pure.
import type { ErrorCode } from "#server/contracts/attempt.ts";
import type { RejectionCause, Verification } from "#server/contracts/request.ts";
import type { SourceTest } from "#server/contracts/source-test.ts";
import type { SendOutcome } from "#server/egress/client.ts";

/** What is known of the request that a test became. */
export interface StoredTest {
  verification: Verification;
  rejection_cause: RejectionCause | null;
  rejection_detail: string | null;
}

export interface TestFindings {
  url: string;
  sent: SendOutcome;
  /** As the answer names them; null where it does not. */
  ids: { gateway_id: string | null; request_id: string | null };
  stored: StoredTest | null;
  /** Whether the request was signed, needed no signature, or could only be signed by the provider. */
  proof: "signed" | "none" | "impossible";
}

const UNREACHED: Partial<Record<ErrorCode, string>> = {
  DNS_LOOKUP_FAILED: "Its name has no address. Check the name in PUBLIC_GATEWAY_URL and its DNS record.",
  CONNECTION_REFUSED:
    "Nothing listens at its address and port. Check the proxy in front of the gateways, and the port in PUBLIC_GATEWAY_URL.",
  CONNECTION_RESET: "The connection was cut before an answer. Check the proxy in front of the gateways.",
  TIMEOUT: "Nothing answered within 5 s. Check the firewall and the proxy in front of the gateways.",
  TLS_ERROR: "The TLS handshake failed. Check the certificate of the name in PUBLIC_GATEWAY_URL.",
  PROTOCOL_ERROR: "What answered does not speak HTTP. Check the scheme and the port in PUBLIC_GATEWAY_URL.",
  INVALID_URL: "No HTTP server may have this address. Check PUBLIC_GATEWAY_URL.",
};

const REFUSALS: Partial<Record<RejectionCause, string>> = {
  SOURCE_DISABLED: "the source is disabled. Enable it to take webhooks again.",
  METHOD_NOT_ALLOWED: "the source does not take this method.",
};

const ACCEPTED = {
  verified: "The gateway has verified its signature and stored it.",
  authenticated: "The gateway has recognised its secret and stored it.",
  unattempted: "The gateway has stored it. The source asks for no proof, so anybody who knows the URL can send.",
};

/** Puts together what came back from the public URL. */
export function publicAnswer({ url, sent, ids, stored, proof }: TestFindings): SourceTest["answer"] {
  const base = {
    url,
    is_signed: proof === "signed",
    latency_ms: Math.round(sent.latencyMs * 10) / 10,
    ...ids,
    verification: stored?.verification ?? null,
    rejection_cause: stored?.rejection_cause ?? null,
  };
  if (sent.kind === "error") {
    const remedy = UNREACHED[sent.code] ?? "Look into the log of the gateways and of the proxy in front of them.";
    const detail = `It never reached us: ${remedy.charAt(0).toLowerCase()}${remedy.slice(1)}`;
    return { ...base, outcome: "not_reached", detail, status: sent.seen?.status ?? null, error_code: sent.code };
  }
  const reached = { ...base, status: sent.status, error_code: null };
  if (ids.gateway_id === null) {
    const detail = `Something answered ${sent.status}, but no gateway of this installation did. Check where PUBLIC_GATEWAY_URL and the proxy there lead.`;
    return { ...reached, outcome: "elsewhere", detail };
  }
  if (sent.status < 300) {
    const verification = stored?.verification;
    const detail = verification && verification !== "failed" ? ACCEPTED[verification] : "The gateway has stored it.";
    return { ...reached, outcome: "accepted", detail };
  }
  return { ...reached, outcome: "refused", detail: refusal(sent.status, stored, proof) };
}

function refusal(status: number, stored: StoredTest | null, proof: TestFindings["proof"]): string {
  const cause = stored?.rejection_cause ?? null;
  if (proof === "impossible" && cause === "VERIFICATION_FAILED")
    return "It reached us. It was refused because it is not signed: only the provider has the key. Have it send one from its own settings.";
  const known = cause === null ? undefined : REFUSALS[cause];
  if (known !== undefined) return `It reached us and was refused, because ${known}`;
  if (stored?.rejection_detail) return `It reached us and was refused, because of this: ${stored.rejection_detail}`;
  return `It reached us and was answered ${status}. Try again in a moment.`;
}
