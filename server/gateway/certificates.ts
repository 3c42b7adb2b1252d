// Certificates that providers sign with, asked for by the guarded way out and kept: who serves them is the provider's to say.
import type { Egress } from "#server/egress/client.ts";
import type { FetchCertificate } from "#server/providers/inbound.ts";

const TIMEOUT_MS = 5_000;
const MAX_KEPT = 100;
/** A stranger may name certificates that do not exist: each is asked for once in this time, and few at once. */
const FAILURE_KEPT_MS = 60_000;
const MAX_UNDER_WAY = 4;
/** No team's own openings of the network hold here: a certificate is every team's. */
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

/** The oldest goes where there are too many. */
function keep<T>(values: Map<string, T>, key: string, value: T): void {
  values.delete(key);
  values.set(key, value);
  const [oldest] = values.keys();
  if (values.size > MAX_KEPT && oldest !== undefined) values.delete(oldest);
}
