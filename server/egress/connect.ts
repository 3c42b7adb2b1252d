// Sockets of outbound requests, opened to checked addresses only. A name is resolved once, every address is judged, and the
// socket goes to one of the judged addresses. Host and SNI keep the name.
import { lookup as systemLookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { buildConnector } from "undici";
import type { AddressPolicy } from "./address-policy.ts";
import { EgressError, errorCodeOf } from "./error-code.ts";

export type ResolvedAddress = { address: string; family: number };
/** All addresses of a name; rejects when it has none. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

/** The system's resolver, so that hosts files and search domains of a private network count. */
export const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true });

/** One stuck address of several must not use up the time of the attempt; Node's 250 ms is short for a far one. */
const NEXT_ADDRESS_AFTER_MS = 500;

/** Starts to connect and calls back once, with a connected socket (handshake done) or an `EgressError`. Destroying the socket stops it. */
export type OpenSocket = (
  policy: AddressPolicy,
  to: buildConnector.Options,
  callback: buildConnector.Callback,
) => Socket;

export function makeOpenSocket(resolve: Resolve, connectTimeoutMs: number): OpenSocket {
  const resolveOnce = makeSharedResolve(resolve);

  return (policy, { hostname, port: portText, protocol }, callback) => {
    const isTls = protocol === "https:";
    const port = Number(portText) || (isTls ? 443 : 80);
    const target = {
      host: hostname,
      port,
      lookup: makeCheckedLookup(policy, port, resolveOnce),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    };
    // RFC 6066: a server name is a name, never an address, and has no trailing dot.
    const servername = isIP(hostname) === 0 ? hostname.replace(/\.$/, "") : "";
    const socket = isTls ? connectTls({ ...target, servername, ALPNProtocols: ["http/1.1"] }) : connectTcp(target);
    const timer = setTimeout(() => socket.destroy(new EgressError("TIMEOUT")), connectTimeoutMs);

    const onError = (error: Error) => {
      clearTimeout(timer);
      callback(new EgressError(errorCodeOf(error, isTls)), null);
    };
    socket.setNoDelay(true).once("error", onError);
    socket.once("close", () => clearTimeout(timer));
    socket.once(isTls ? "secureConnect" : "connect", () => {
      clearTimeout(timer);
      socket.off("error", onError);
      // The final check: nothing is written to a socket whose peer is not allowed, whatever way led here.
      const peer = socket.remoteAddress;
      if (peer !== undefined && policy.check(peer, port).kind === "allowed") return callback(null, socket);
      socket.on("error", () => {}).destroy();
      callback(new EgressError(peer === undefined ? "CONNECTION_RESET" : "BLOCKED_ADDRESS"), null);
    });
    return socket;
  };
}

/**
 * Simultaneous look-ups of one name share an answer: a burst of new connections must not fill the few threads that resolve
 * names. No answer outlives its look-up, so each later connection is judged anew, and each judges for its own team.
 */
function makeSharedResolve(resolve: Resolve): Resolve {
  const underway = new Map<string, Promise<ResolvedAddress[]>>();
  return (hostname) => {
    let answer = underway.get(hostname);
    if (!answer) {
      answer = resolve(hostname)
        .catch(() => [])
        .finally(() => underway.delete(hostname));
      underway.set(hostname, answer);
    }
    return answer;
  };
}

/** A `lookup` for `net.connect` that fails unless every address may be reached. */
function makeCheckedLookup(policy: AddressPolicy, port: number, resolve: Resolve): LookupFunction {
  const resolveChecked = async (hostname: string): Promise<ResolvedAddress[]> => {
    const addresses = await resolve(hostname);
    if (addresses.length === 0) throw new EgressError("DNS_LOOKUP_FAILED");
    // One refused address refuses the name: an attacker chooses the order, and which of them answers.
    if (addresses.some(({ address }) => policy.check(address, port).kind !== "allowed")) {
      throw new EgressError("BLOCKED_ADDRESS");
    }
    return addresses;
  };

  return (hostname, options, callback) => {
    resolveChecked(hostname).then(
      (addresses) => {
        if (options.all) return callback(null, addresses);
        const [first] = addresses;
        callback(null, first?.address ?? "", first?.family);
      },
      (error) => callback(error, options.all ? [] : ""),
    );
  };
}
