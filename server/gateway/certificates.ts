// Certificates of providers, fetched through the guarded way out and kept. The provider decides who serves them.
import type { Egress } from "#server/egress/client.ts";
import type { FetchCertificate } from "#server/providers/inbound.ts";

const TIMEOUT_MS = 5_000;
const MAX_KEPT = 100;
/** A stranger may name certificates that do not exist. Each is asked for once in this time, and few at once. */
const FAILURE_KEPT_MS = 60_000;
const MAX_UNDER_WAY = 4;
/** A certificate is every team's, so no team's entries of EGRESS_ALLOW apply. */
const NO_TEAM = "";

export function makeCertificates(egress: Pick<Egress, "send">, nowMs: () => number): FetchCertificate {
  const kept = new Map<string, string>();
  const failedAtMs = new Map<string, number>();
  const underWay = new Map<string, Promise<string | null>>();

  async function ask(url: URL): Promise<string | null> {
    const { href } = url;
    const send = { teamId: NO_TEAM, url, method: "GET", headers: [], body: null, timeoutMs: TIMEOUT_MS };
    const answer = await egress.send(send);
    if (answer.kind === "response" && answer.status === 200) {
      const pem = answer.body.toString("latin1");
      keep(kept, href, pem);
      return pem;
    }
    keep(failedAtMs, href, nowMs());
    return null;
  }

  return async (url) => {
    const known = kept.get(url.href);
    if (known !== undefined) return known;
    const current = underWay.get(url.href);
    if (current) return current;
    const failed = failedAtMs.get(url.href);
    const isFresh = failed !== undefined && nowMs() - failed < FAILURE_KEPT_MS;
    if (isFresh || underWay.size >= MAX_UNDER_WAY) return null;
    const asked = ask(url).finally(() => underWay.delete(url.href));
    underWay.set(url.href, asked);
    return asked;
  };
}

/** Keeps a value, and drops the oldest when there are too many. */
function keep<T>(values: Map<string, T>, key: string, value: T): void {
  values.delete(key);
  values.set(key, value);
  const [oldest] = values.keys();
  if (values.size > MAX_KEPT && oldest !== undefined) values.delete(oldest);
}
