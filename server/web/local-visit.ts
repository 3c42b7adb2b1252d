// Without log-in the dashboard trusts one person: the one who sits at the machine. docs/decisions/003-dashboard-without-login.md
import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "#server/env.ts";
import { isBrowserHeader } from "./browser-headers.ts";
import { valuesOf } from "./framing.ts";

const LOCAL_HOST_HEADER = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;
const LOOPBACK_PEER = /^(?:(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)$/;

export type Visit = Pick<IncomingMessage, "headers" | "rawHeaders"> & {
  socket: Pick<IncomingMessage["socket"], "remoteAddress">;
};

/** What a browser says of itself, and no script can make it say: a page of ours asks, or a person opened it. */
function isOwnOrOpened({ headers }: Visit): boolean {
  if (headers["sec-fetch-site"] === "same-origin") return true;
  return headers["sec-fetch-site"] === "none" && headers["sec-fetch-mode"] === "navigate";
}

/**
 * Whether the person at this machine asks, through a browser and with nobody in between. The Host header must name this
 * machine: a web page that points its own name at 127.0.0.1 (DNS rebinding) still sends that name. Every header must be one
 * that browsers send: what a proxy adds, and what a delivery of ours carries, is none of them, whatever it is called.
 */
export function isLocalVisit(visit: Visit, boundHost: string): boolean {
  const [host = "", ...otherHosts] = valuesOf(visit.rawHeaders, "host");
  const names = visit.rawHeaders.filter((_name, i) => i % 2 === 0);
  return (
    isLoopbackHost(boundHost) &&
    LOOPBACK_PEER.test(visit.socket.remoteAddress ?? "") &&
    otherHosts.length === 0 &&
    LOCAL_HOST_HEADER.test(host) &&
    names.every(isBrowserHeader) &&
    isOwnOrOpened(visit)
  );
}
