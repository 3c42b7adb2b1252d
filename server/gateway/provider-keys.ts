// Keys and certificates of providers, fetched through the guarded way out and kept. The provider decides who serves them.
import type { Egress } from "#server/egress/client.ts";
import type { Asking, CallProvider, FetchKey, KeyAnswer, KeyQuestion } from "#server/providers/inbound.ts";
import { knownRoots } from "./known-roots.ts";

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
  freshUntilMs: number;
  /** Past its freshness it still serves until then while no newer one can be had. */
  untilMs: number;
}
interface Failure {
  atMs: number;
  why: string;
}
const missing = (why: string): KeyAnswer => ({ kind: "missing", why });

/** @param roots as `Asking` has them */
export function makeProviderKeys(
  egress: Pick<Egress, "send">,
  nowMs: () => number,
  roots: Asking["roots"] = knownRoots,
): FetchKey {
  const kept = new Map<string, Kept>();
  const failed = new Map<string, Failure>();
  const failuresOf = new Map<string, number[]>();
  const underWay = new Map<string, { owner: string | undefined; answer: Promise<KeyAnswer> }>();
  const call = callThrough(egress);

  const recentFailures = (owner: string) =>
    (failuresOf.get(owner) ?? []).filter((atMs) => nowMs() - atMs < FAILURE_KEPT_MS);

  /** Why it is not asked for now; null when it is. */
  function refusalOf({ id, owner }: KeyQuestion): string | null {
    const before = failed.get(id);
    if (before && nowMs() - before.atMs < FAILURE_KEPT_MS) return before.why;
    const own = [...underWay.values()].filter((question) => question.owner === owner).length;
    const isOwnersFull = owner !== undefined && (own >= EACH.underWay || recentFailures(owner).length >= EACH.failures);
    return underWay.size >= MAX_UNDER_WAY || isOwnersFull ? "too many others are being asked for" : null;
  }

  async function ask({ id, owner, keptForMs = Number.POSITIVE_INFINITY, ...question }: KeyQuestion) {
    const answer = await question.ask({ call, roots, nowMs: nowMs() });
    if (answer.kind === "had") {
      const { text, untilMs = 0 } = answer;
      const freshUntilMs = Math.min(nowMs() + keptForMs, untilMs || Number.POSITIVE_INFINITY);
      keep(kept, id, { text, freshUntilMs, untilMs: Math.min(freshUntilMs + keptForMs, untilMs) });
    } else {
      keep(failed, id, { atMs: nowMs(), why: answer.why });
      if (owner !== undefined) keep(failuresOf, owner, [...recentFailures(owner), nowMs()]);
    }
    return answer;
  }

  function askOnce(question: KeyQuestion): Promise<KeyAnswer> {
    const { id, owner } = question;
    const current = underWay.get(id);
    if (current) return current.answer;
    const refusal = refusalOf(question);
    if (refusal !== null) return Promise.resolve(missing(refusal));
    const answer = ask(question).finally(() => underWay.delete(id));
    underWay.set(id, { owner, answer });
    return answer;
  }

  return async (question) => {
    const known = kept.get(question.id);
    if (known && nowMs() < known.freshUntilMs) return { kind: "had", text: known.text };
    const answer = await askOnce(question);
    // An authority that is away for an hour stops nobody's webhooks: some senders try again for a minute only.
    const isServing = answer.kind === "missing" && known && nowMs() < known.untilMs;
    return isServing ? { kind: "had", text: known.text } : answer;
  };
}

function callThrough(egress: Pick<Egress, "send">): CallProvider {
  return async ({ url, method = "GET", headers = [], body = null }) => {
    const sent = body === null ? null : Buffer.from(body, "utf8");
    const send = { teamId: NO_TEAM, url, method, headers, body: sent, timeoutMs: TIMEOUT_MS };
    const answer = await egress.send(send);
    return answer.kind === "response" && answer.status === 200 ? answer.body : null;
  };
}

/** Keeps a value, and drops the oldest when there are too many. */
function keep<T>(values: Map<string, T>, key: string, value: T): void {
  values.delete(key);
  values.set(key, value);
  const [oldest] = values.keys();
  if (values.size > MAX_KEPT && oldest !== undefined) values.delete(oldest);
}
