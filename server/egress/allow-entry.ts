// One entry of EGRESS_ALLOW: `[team@]range[:port]`, where a port after an IPv6 range needs brackets around the range.
import { type Cidr, parseCidr } from "#server/wire/cidr.ts";

export interface AllowEntry {
  /** Null opens the range to every team. */
  teamId: string | null;
  cidr: Cidr;
  /** Null opens every port. */
  port: number | null;
  /** In the one spelling: `10.1.0.0/16`, `tm_a@10.1.0.0/16:443`, `[fd00::/8]:443`. */
  text: string;
}

/** `remedy` completes a sentence about the text: it says what to write in its place. */
export type AllowReading = { kind: "entry"; entry: AllowEntry } | { kind: "malformed"; remedy: string };

const malformed = (remedy: string): AllowReading => ({ kind: "malformed", remedy });
const TEAM_ID = /^tm_[A-Za-z0-9_]{1,60}$/;

/** Reads one entry. */
export function parseAllowEntry(text: string): AllowReading {
  const at = text.indexOf("@");
  const teamId = at === -1 ? null : text.slice(0, at);
  if (teamId !== null && !TEAM_ID.test(teamId)) {
    return malformed("write a team's id before the @, such as tm_a@10.1.0.0/16");
  }
  const { range, port } = splitPort(text.slice(at + 1));
  const unbracketed = /^(?<range>[^[]*:.*\/\d+)(?<port>:\d+)$/.exec(range)?.groups;
  if (unbracketed) return malformed(`put brackets around the range: [${unbracketed.range}]${unbracketed.port}`);
  const read = parseCidr(range);
  if (read.kind === "malformed") return read;
  if (port !== null && !isPort(port)) return malformed("write a port from 1 to 65535 after the range");
  return { kind: "entry", entry: toEntry(teamId, read.cidr, port === null ? null : Number(port)) };
}

/** Without brackets every colon of an IPv6 range is its own: `fd00::8:443` is an address. */
function splitPort(place: string): { range: string; port: string | null } {
  const [, bracketed, after] = /^\[([^\]]*)\](?::(.*))?$/.exec(place) ?? [];
  if (bracketed !== undefined) return { range: bracketed, port: after ?? null };
  const [range = "", port, ...more] = place.split(":");
  return port === undefined || more.length > 0 ? { range: place, port: null } : { range, port };
}

const isPort = (text: string) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;

function toEntry(teamId: string | null, cidr: Cidr, port: number | null): AllowEntry {
  const range = port !== null && cidr.network.kind() === "ipv6" ? `[${cidr.text}]` : cidr.text;
  const text = `${teamId === null ? "" : `${teamId}@`}${range}${port === null ? "" : `:${port}`}`;
  return { teamId, cidr, port, text };
}
