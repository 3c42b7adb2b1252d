// The least of a call that still fails as it did, where that is quickly found.
import type { Answer } from "./check-answer.ts";
import type { SentCall } from "./sent-call.ts";
import { toJson } from "./spoiled-value.ts";

interface Failure {
  sentences: string[];
  sent: SentCall;
  answer: Answer;
}

const MOST_TRIES = 30;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value with one of its fields or items left out, at any depth. */
function smaller(value: unknown): unknown[] {
  if (isFields(value)) {
    const names = Object.keys(value);
    const without = names.map((gone) =>
      Object.fromEntries(names.filter((name) => name !== gone).map((name) => [name, value[name]])),
    );
    const within = names.flatMap((name) => smaller(value[name]).map((inner) => ({ ...value, [name]: inner })));
    return [...without, ...within];
  }
  if (!Array.isArray(value)) return [];
  const without = value.map((_, gone) => value.filter((_each, i) => i !== gone));
  const within = value.flatMap((each, at) =>
    smaller(each).map((inner) => value.map((one, i) => (i === at ? inner : one))),
  );
  return [...without, ...within];
}

function smallerCalls(sent: SentCall): SentCall[] {
  const [path = "", query = ""] = sent.target.split("?");
  const pieces = query.split("&").filter((piece) => piece !== "");
  const shorter = pieces.map((_, gone) => {
    const left = pieces.filter((_piece, i) => i !== gone);
    return { ...sent, target: left.length > 0 ? `${path}?${left.join("&")}` : path };
  });
  const lighter =
    sent.json === undefined
      ? []
      : smaller(sent.json).map((json) => ({ ...sent, json, body: Buffer.from(toJson(json)) }));
  return [...shorter, ...lighter];
}

const kindOf = ({ sentences, answer }: Failure) => `${answer.status} ${sentences[0]?.replace(/[\d"'].*$/s, "")}`;

/** @param again calls once more; what it calls may have changed the state, then the failure stays as it was */
export async function shrunkCall(failure: Failure, again: (sent: SentCall) => Promise<Failure>): Promise<Failure> {
  let least = failure;
  let tries = 0;
  for (let isSmaller = true; isSmaller && tries < MOST_TRIES; ) {
    isSmaller = false;
    for (const sent of smallerCalls(least.sent)) {
      if (tries++ >= MOST_TRIES) break;
      const found = await again(sent);
      if (found.sentences.length === 0 || kindOf(found) !== kindOf(least)) continue;
      least = found;
      isSmaller = true;
      break;
    }
  }
  return least;
}
