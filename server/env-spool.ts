// SPOOL_URL: the JetStream in which the door keeps what comes while the database is away (docs/decisions/115-spool.md).

export interface SpoolSettings {
  /** `host:port` of each. */
  servers: string[];
  /** TLS is required, by a certificate that this machine trusts. */
  isSecure: boolean;
  login: { user: string; pass: string } | { token: string } | null;
  stream: string;
  replicas: number;
  /** What the stream holds at most, over all teams. */
  maxBytes: number;
}

const URL_PARTS = /^(nats|tls):\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([A-Za-z0-9_-]{0,64}))?(?:\?([^#]*))?$/;
const DEFAULTS = { stream: "switchyard", port: "4222", replicas: 3, maxMb: 1024 };
const REPLICAS = [1, 3, 5];
const MAX_MB = { least: 16, most: 1_000_000 };
const MB = 1024 * 1024;

/**
 * `nats://` or `tls://`, a login or a token, hosts with commas between them, the stream's name as the path, and `replicas` and `max_mb`.
 * Null for anything else: whatever else a URL may carry would be ignored, and is refused.
 */
export function readSpool(text: string): SpoolSettings | null {
  const [, scheme, login, hosts = "", stream = "", query = ""] = URL_PARTS.exec(text) ?? [];
  if (scheme === undefined) return null;
  const servers = hosts.split(",").map(readServer);
  const read = { login: readLogin(login), limits: readLimits(query) };
  if (servers.includes(null) || read.login === undefined || read.limits === null) return null;
  return {
    servers: servers.filter((server) => server !== null),
    isSecure: scheme === "tls",
    login: read.login,
    stream: stream || DEFAULTS.stream,
    ...read.limits,
  };
}

function readServer(text: string): string | null {
  // URL keeps no name of an unknown scheme in order: the host is read as http would have it.
  const url = URL.parse(`http://${text}`);
  if (url?.pathname !== "/" || url.search !== "" || url.username !== "" || text === "") return null;
  return `${url.hostname}:${/:(\d+)$/.exec(text)?.[1] ?? DEFAULTS.port}`;
}

/** Null where there is none, undefined where it is none. */
function readLogin(text: string | undefined): SpoolSettings["login"] | undefined {
  if (text === undefined) return null;
  try {
    const [user = "", pass, ...more] = text.split(":").map(decodeURIComponent);
    if (user === "" || pass === "" || more.length > 0) return undefined;
    return pass === undefined ? { token: user } : { user, pass };
  } catch {
    return undefined;
  }
}

function readLimits(query: string): Pick<SpoolSettings, "replicas" | "maxBytes"> | null {
  const params = new URLSearchParams(query);
  const known = [...params.keys()].every((key) => key === "replicas" || key === "max_mb");
  const replicas = Number(params.get("replicas") ?? DEFAULTS.replicas);
  const maxMb = Number(params.get("max_mb") ?? DEFAULTS.maxMb);
  const isFine = Number.isInteger(maxMb) && maxMb >= MAX_MB.least && maxMb <= MAX_MB.most;
  return known && isFine && REPLICAS.includes(replicas) ? { replicas, maxBytes: maxMb * MB } : null;
}
