// The addresses at which this installation itself listens. None is a destination, whatever EGRESS_ALLOW opens.
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export interface OwnListeners {
  /** Whether the port is ours at this machine. The machine's addresses change, so no verdict on one stays good for long. */
  listensHere(port: number): boolean;
  hasAddress(address: Address, port: number): boolean;
  /** `name` in lower case, without a trailing dot. */
  hasName(name: string, port: number): boolean;
}

export interface ListenerSettings {
  host: string;
  port: number;
  gatewayPort: number;
  publicGatewayUrl: string;
  databaseUrl: string | undefined;
}

interface Endpoint {
  /** A name, or an address in canonical form. */
  host: string;
  ports: number[];
}

const LOOK_AGAIN_MS = 1_000;
const POSTGRES_PORT = 5432;

/**
 * A port on which we listen at any address of this machine counts as ours at all of them. `0.0.0.0` binds them all, and a
 * port bound to one address is reached under more spellings than a list could hold. Another machine is known by the host in
 * the settings.
 *
 * @param localAddresses canonical addresses of this machine's interfaces at the time of the call
 */
export function makeOwnListeners(
  settings: ListenerSettings,
  localAddresses: () => ReadonlySet<string> = interfaceAddresses,
): OwnListeners {
  const endpoints = endpointsOf(settings);
  const isHere = (host: string) =>
    /^(?:.*\.)?localhost$/.test(host) || (ipaddr.isValid(host) && isLocal(ipaddr.parse(host), localAddresses));
  const portsHere = new Set([settings.port, settings.gatewayPort]);
  for (const { host, ports } of endpoints) if (isHere(host)) for (const port of ports) portsHere.add(port);
  portsHere.delete(0);
  const hostsByPort = new Map<number, Set<string>>();
  for (const { host, ports } of endpoints) {
    for (const port of ports) hostsByPort.set(port, (hostsByPort.get(port) ?? new Set()).add(host));
  }

  return {
    listensHere: (port) => portsHere.has(port),
    hasAddress: (address, port) =>
      hostsByPort.get(port)?.has(address.toString()) === true ||
      (portsHere.has(port) && isLocal(address, localAddresses)),
    hasName: (name, port) => hostsByPort.get(port)?.has(name) === true,
  };
}

function endpointsOf({ host, port, gatewayPort, publicGatewayUrl, databaseUrl }: ListenerSettings): Endpoint[] {
  const publicUrl = new URL(publicGatewayUrl);
  const publicPort = portOf(publicUrl);
  const endpoints = [
    { host: canonicalHost(host), ports: [port, gatewayPort] },
    // A proxy that speaks TLS for a host mostly answers both of its usual ports.
    { host: canonicalHost(publicUrl.hostname), ports: [80, 443].includes(publicPort) ? [80, 443] : [publicPort] },
  ];
  const database = databaseUrl === undefined ? null : URL.parse(databaseUrl.replace("@/", "@localhost/"));
  // The query of a Postgres URL wins over its host. A path there is a socket, which no URL of ours reaches.
  const databaseHost = database?.searchParams.get("host") ?? database?.hostname ?? "/";
  if (!databaseHost.startsWith("/")) {
    const databasePort = Number(database?.searchParams.get("port") ?? database?.port) || POSTGRES_PORT;
    endpoints.push({ host: canonicalHost(databaseHost), ports: [databasePort] });
  }
  return endpoints;
}

/** The port that a URL of http or https leads to. */
export const portOf = ({ port, protocol }: URL) => Number(port) || (protocol === "https:" ? 443 : 80);

/** Brackets, case and a trailing dot change nothing, and an address has one spelling. */
function canonicalHost(host: string): string {
  const bare = host
    .replace(/^\[|\]$/g, "")
    .toLowerCase()
    .replace(/\.$/, "");
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : bare;
}

/** Linux connects to an unspecified address as to its loopback. */
const isLocal = (address: Address, localAddresses: () => ReadonlySet<string>) =>
  ["loopback", "unspecified"].includes(address.range()) || localAddresses().has(address.toString());

let seen: { atMs: number; addresses: ReadonlySet<string> } | undefined;

/**
 * The addresses are read again after a second, because interfaces come and go. A system call for each of many sends would
 * cost more than the sends' other checks.
 */
function interfaceAddresses(): ReadonlySet<string> {
  const nowMs = performance.now();
  if (!seen || nowMs - seen.atMs > LOOK_AGAIN_MS) {
    const infos = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const addresses = infos.map(({ address }) => canonicalHost(address.split("%", 1)[0] ?? ""));
    seen = { atMs: nowMs, addresses: new Set(addresses) };
  }
  return seen.addresses;
}
