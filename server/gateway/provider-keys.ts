// Keys and certificates of providers, fetched through the guarded way out and kept. The provider decides who serves them.
import type { Egress } from "#server/egress/client.ts";
import type { CallProvider, FetchKey, KeyQuestion } from "#server/providers/inbound.ts";

const TIMEOUT_MS = 5_000;
const MAX_KEPT = 500;
/** A stranger may name keys that do not exist. Each is asked for once in this time, and few at once. */
const FAILURE_KEPT_MS = 60_000;
const MAX_UNDER_WAY = 4;
/** Of the questions of one owner: his strangers leave room for others, and do not use up his calls. */
const EACH = { underWay: 2, failures: 10 };
/** A key is every team's, so no team's entries of EGRESS_ALLOW apply. */
const NO_TEAM = "";

interface Kept {
  text: string;
  untilMs: number;
}

export function makeProviderKeys(egress: Pick<Egress, "send">, nowMs: () => number): FetchKey {
  const kept = new Map<string, Kept>();
  const failedAtMs = new Map<string, number>();
  const failuresOf = new Map<string, number[]>();
  const underWay = new Map<string, { owner: string | undefined; answer: Promise<string | null> }>();
  const call = callThrough(egress);

  const recentFailures = (owner: string) =>
    (failuresOf.get(owner) ?? []).filter((atMs) => nowMs() - atMs < FAILURE_KEPT_MS);

  function mayAsk({ id, owner }: KeyQuestion): boolean {
    const failed = failedAtMs.get(id);
    if (failed !== undefined && nowMs() - failed < FAILURE_KEPT_MS) return false;
    if (underWay.size >= MAX_UNDER_WAY) return false;
    if (owner === undefined) return true;
    const own = [...underWay.values()].filter((question) => question.owner === owner);
    return own.length < EACH.underWay && recentFailures(owner).length < EACH.failures;
  }

  async function ask({ id, owner, keptForMs = Number.POSITIVE_INFINITY, ...question }: KeyQuestion) {
    const text = await question.ask(call);
    if (text !== null) keep(kept, id, { text, untilMs: nowMs() + keptForMs });
    else {
      keep(failedAtMs, id, nowMs());
      if (owner !== undefined) keep(failuresOf, owner, [...recentFailures(owner), nowMs()]);
    }
    return text;
  }

  return async (question) => {
    const { id, owner } = question;
    const known = kept.get(id);
    if (known && nowMs() < known.untilMs) return known.text;
    const current = underWay.get(id);
    if (current) return current.answer;
    if (!mayAsk(question)) return null;
    const answer = ask(question).finally(() => underWay.delete(id));
    underWay.set(id, { owner, answer });
    return answer;
  };
}

function callThrough(egress: Pick<Egress, "send">): CallProvider {
  return async ({ url, method = "GET", headers = [], body = null }) => {
    const sent = body === null ? null : Buffer.from(body, "utf8");
    const send = { teamId: NO_TEAM, url, method, headers, body: sent, timeoutMs: TIMEOUT_MS };
    const answer = await egress.send(send);
    return answer.kind === "response" && answer.status === 200 ? answer.body.toString("utf8") : null;
  };
}

/** Keeps a value, and drops the oldest when there are too many. */
function keep<T>(values: Map<string, T>, key: string, value: T): void {
  values.delete(key);
  values.set(key, value);
  const [oldest] = values.keys();
  if (values.size > MAX_KEPT && oldest !== undefined) values.delete(oldest);
}
