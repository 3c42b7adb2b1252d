import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { STRANGERS_BYTES_HEADERS } from "#server/wire/strangers-bytes.ts";

const FIXED_HEADERS: [name: string, value: string][] = [
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["X-Frame-Options", "DENY"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
];

/**
 * A policy without inline script or style: only elements that carry `nonce` run, and what they load.
 * The development server evaluates its modules and injects its styles, so it alone needs the two `unsafe-` words.
 */
export function contentSecurityPolicy(nonce: string, isDev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ""}`,
    isDev ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${isDev ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Where a stranger's bytes are saved as a file. */
const RAW_BODY = /^\/(?:events|requests)\/[^/?]+\/raw(?:\?|$)/;

/** Sets the headers of every answer of the dashboard. */
export function secure(req: IncomingMessage, res: ServerResponse, isDev: boolean): void {
  const policy = contentSecurityPolicy(randomBytes(16).toString("base64"), isDev);
  // Next reads the nonce for its own scripts from the request's policy; one that a visitor sent must not count.
  req.headers["content-security-policy"] = policy;
  delete req.headers["content-security-policy-report-only"];
  const isRawBody = RAW_BODY.test(req.url ?? "");
  res.setHeader("Content-Security-Policy", isRawBody ? STRANGERS_BYTES_HEADERS["content-security-policy"] : policy);
  for (const [name, value] of FIXED_HEADERS) res.setHeader(name, value);
}
