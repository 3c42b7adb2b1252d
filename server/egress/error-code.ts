// Failures on the wire, as error codes of an attempt.
import type { ErrorCode } from "#server/contracts/attempt.ts";

/** Carried by the errors this module's neighbours make; undici hands them back untouched. */
export class EgressError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(code);
    this.name = "EgressError";
    this.code = code;
  }
}

const BY_SYSTEM_CODE: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: "CONNECTION_REFUSED",
  EHOSTUNREACH: "CONNECTION_REFUSED",
  ENETUNREACH: "CONNECTION_REFUSED",
  EHOSTDOWN: "CONNECTION_REFUSED",
  ENETDOWN: "CONNECTION_REFUSED",
  EADDRNOTAVAIL: "CONNECTION_REFUSED",
  EACCES: "CONNECTION_REFUSED",
  EPERM: "CONNECTION_REFUSED",
  ECONNRESET: "CONNECTION_RESET",
  ECONNABORTED: "CONNECTION_RESET",
  EPIPE: "CONNECTION_RESET",
  ETIMEDOUT: "TIMEOUT",
  EPROTO: "TLS_ERROR",
};

/** undici gives one code both to a closed socket and to two kinds of malformed answer. Only the text tells them apart. */
const NONSENSE = new Set(["bad response", "bad upgrade"]);

/**
 * The code of an error of a socket, of TLS or of the HTTP parser.
 * @param isHandshake the error came while a TLS connection was being made: OpenSSL has too many certificate codes to list.
 */
export function errorCodeOf(error: unknown, isHandshake = false): ErrorCode {
  if (error instanceof EgressError) return error.code;
  if (!(error instanceof Error)) return "PROTOCOL_ERROR";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "UND_ERR_SOCKET") return NONSENSE.has(error.message) ? "PROTOCOL_ERROR" : "CONNECTION_RESET";
  const known = BY_SYSTEM_CODE[code];
  if (known) return known;
  return isHandshake || /^ERR_(?:SSL|TLS)_/.test(code) ? "TLS_ERROR" : "PROTOCOL_ERROR";
}
