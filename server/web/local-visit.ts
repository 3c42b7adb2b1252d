// Without log-in the dashboard trusts one person: the one who sits at the machine. docs/decisions/003-dashboard-without-login.md
import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "../env.ts";

const LOCAL_HOST_HEADER = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/**
 * Whether the person at this machine asks, with nobody in between. The Host header must name this machine: a web page that
 * points its own name at 127.0.0.1 (DNS rebinding) still sends that name. A request that a proxy passed on came from elsewhere.
 */
export function isLocalVisit(req: Pick<IncomingMessage, "headers">, boundHost: string): boolean {
  return (
    isLoopbackHost(boundHost) &&
    LOCAL_HOST_HEADER.test(req.headers.host ?? "") &&
    PROXY_HEADERS.every((name) => req.headers[name] === undefined)
  );
}
