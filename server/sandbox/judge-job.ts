// Judges a whole branch in a thread, where it can be killed. Its transform runs in the team's engine beside it.
import type { Rule } from "#server/contracts/rule.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { parseJson } from "#server/json/parse.ts";
import { judge, openForFacts, openRequest, type Teller } from "#server/judging/judge.ts";
import type { TransformOutcome } from "#server/rules/apply.ts";
import { fullWork } from "#server/rules/budget.ts";
import type { RuleRequest } from "#server/rules/rule-request.ts";
import { failed, requestText, TOO_DEEP, toSandboxResult, withoutSecrets } from "./job.ts";
import type { EngineResult, JudgeResult, WireJob, WireTransformation } from "./messages.ts";

type JudgeJob = WireJob & { kind: "judge" };

/** Runs user code on the JSON text of a request. */
export type RunCode = (transformation: WireTransformation, request: string) => Promise<EngineResult>;

interface Opened {
  stored: StoredRequest;
  request: RuleRequest;
}

/** Opens each request of a batch once: jobs on one request stand together. */
export function makeOpener(
  requests: StoredRequest[],
  teller: Teller | undefined,
): (job: Pick<JudgeJob, "stored" | "isForFacts">) => Opened {
  let latest: (Opened & { index: number; isForFacts: boolean }) | null = null;
  return ({ stored: index, isForFacts = false }) => {
    const sent = requests[index];
    if (!sent) throw new Error(`The batch has no request ${index}.`);
    if (latest?.index === index && latest.isForFacts === isForFacts) return latest;
    // A buffer that went through a message is a plain array of bytes.
    const stored = {
      ...sent,
      body: sent.body && Buffer.from(sent.body.buffer, sent.body.byteOffset, sent.body.length),
    };
    const request = isForFacts && teller ? openForFacts(stored, teller) : openRequest(stored, teller?.tell);
    latest = { index, isForFacts, stored, request };
    return latest;
  };
}

/** Rules by their text, the last used last: branches of one connection come again and again. */
const readBefore = new Map<string, Rule[]>();
const MAX_READ = 256;

function readRules(text: string): Rule[] {
  const rules = readBefore.get(text) ?? (parseJson(text) as unknown as Rule[]);
  readBefore.delete(text);
  readBefore.set(text, rules);
  const [oldest] = readBefore.keys();
  if (readBefore.size > MAX_READ && oldest !== undefined) readBefore.delete(oldest);
  return rules;
}

/** Judges one branch. A transform that brought its last thread down is not run again. */
export async function runJudgeJob(job: JudgeJob, { stored, request }: Opened, runCode: RunCode): Promise<JudgeResult> {
  const { isReplay, orderPath, groupPath, holder, transformation, transformFailure } = job;
  const rules = readRules(job.rules);
  let asked: string | null = null;
  const transform = async (transformationId: string, input: RuleRequest): Promise<TransformOutcome> => {
    if (!transformation) {
      const message = `The transformation ${transformationId} does not exist any more.`;
      return failed({ kind: "threw", message, line: null });
    }
    const { version, unusable } = transformation;
    if (unusable !== null) return failed({ kind: "threw", message: unusable, line: null });
    if (asked !== null) return failed({ kind: "threw", message: "", line: null });
    if (transformFailure) return { version, ...failed(transformFailure) };
    const text = requestText(input);
    if (text === null) {
      return { version, ...failed({ kind: "bad_output", message: TOO_DEEP, line: null }) };
    }
    const result = toSandboxResult(await runCode(transformation, text), input);
    return { version, ...withoutSecrets(result, JSON.parse(transformation.env)) };
  };
  const hasTransform = rules.some(({ type }) => type === "transform");
  const findDuplicate = async (keyHash: string) => {
    // A query is only worth while when it can save a transform.
    if (holder === undefined && hasTransform) asked = keyHash;
    return holder ?? null;
  };
  const input = { stored, request, rules, isReplay, orderPath, groupPath, work: fullWork() };
  const judgement = await judge(input, { findDuplicate, transform });
  return asked === null ? { kind: "judged", judgement } : { kind: "needs_holder", keyHash: asked };
}
