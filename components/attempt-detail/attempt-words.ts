// The outcome of an attempt, in words.
import type { AttemptTrigger, ErrorCode } from "#server/contracts/attempt.ts";

export const TRIGGER_WORDS: Record<AttemptTrigger, string> = {
  INITIAL: "first try",
  AUTOMATIC: "retry by itself",
  MANUAL: "retried by hand",
  BULK: "replayed",
  UNPAUSE: "sent after a pause",
  PROBE: "a probe of the breaker",
  DEAD_LETTER: "tells of another that failed",
};

/** Short, beside the code. */
const ERROR_NOTES: Record<ErrorCode, string> = {
  TIMEOUT: "no answer in time",
  CONNECTION_REFUSED: "nobody listens there",
  CONNECTION_RESET: "hung up",
  DNS_LOOKUP_FAILED: "the name has no address",
  TLS_ERROR: "no safe connection",
  BLOCKED_ADDRESS: "the address is not allowed",
  TOO_MANY_REDIRECTS: "redirected",
  INVALID_URL: "not a URL that can be called",
  PROTOCOL_ERROR: "the answer was no HTTP",
  BAD_RESPONSE: "",
  CANCELLED: "broken off",
  INTERNAL: "a fault of the gateway",
  REQUEST_GONE: "its request is gone",
};

/** What it means and what to look at. */
const ERROR_SENTENCES: Record<ErrorCode, string> = {
  TIMEOUT:
    "The receiver did not answer completely within the destination's time-out. What it did with the event is unknown: it may have taken it.",
  CONNECTION_REFUSED:
    "Nothing accepts connections at this address and port. The receiver is down, or the port is wrong.",
  CONNECTION_RESET: "The receiver, or something before it, closed the connection before its answer was complete.",
  DNS_LOOKUP_FAILED: "The host's name could not be resolved. Look at its spelling and its DNS records.",
  TLS_ERROR: "No safe connection could be made: the certificate is expired, of another name, or not trusted.",
  BLOCKED_ADDRESS:
    "The host has a private or reserved address, to which nothing is sent. EGRESS_ALLOW can open a range of addresses.",
  TOO_MANY_REDIRECTS: "The receiver answered with a redirect, which is not followed. Enter the address where it leads.",
  INVALID_URL: "The destination's URL, with the path behind it, is not one that can be called.",
  PROTOCOL_ERROR: "What came back was no valid HTTP. Something else than a web server may listen there.",
  BAD_RESPONSE: "The receiver answered, but with no 2xx status.",
  CANCELLED: "The worker had to stop while it waited. It takes no retry from the policy, and is tried again by itself.",
  INTERNAL: "A fault of the gateway, which its log describes. It takes no retry from the policy.",
  REQUEST_GONE: "The request was deleted by retention before it could be sent.",
};

interface Answered {
  response_status: number | null;
  error_code: ErrorCode | null;
}

/** The status or the code, and a note behind it. */
export function answerWords({ response_status, error_code }: Answered): { code: string; note: string } {
  if (error_code !== null && error_code !== "BAD_RESPONSE") {
    const seen = response_status === null ? "" : `, after status ${response_status}`;
    return { code: error_code, note: `${ERROR_NOTES[error_code]}${seen}` };
  }
  return { code: String(response_status ?? error_code ?? "?"), note: STATUS_NAMES[response_status ?? 0] ?? "" };
}

/** The cause of a failure as a sentence; undefined for a delivery. */
export function causeOf({ response_status, error_code }: Answered): string | undefined {
  if (error_code === null) return undefined;
  if (error_code === "BAD_RESPONSE" && response_status === 410)
    return "The receiver answered 410: it is gone for good, so nothing is tried again by itself.";
  if (error_code === "BAD_RESPONSE" && response_status !== null)
    return `The receiver answered ${response_status}${STATUS_NAMES[response_status] ? ` ${STATUS_NAMES[response_status]}` : ""}, which is no 2xx.`;
  return ERROR_SENTENCES[error_code];
}

const STATUS_NAMES: Record<number, string> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
