import type { JsonOperation } from "#server/api/operation.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { inTurn } from "#server/auth/in-turn.ts";
import type { Capability } from "#server/contracts/capability.ts";
import type { PlanSeals } from "#server/crypto/plan-seal.ts";
import type { InputSchema } from "./tool-input.ts";

export type Fields = Record<string, unknown>;

/** Whoever asks, with what the tools need besides. */
export interface Agent {
  ctx: Ctx;
  seals: PlanSeals;
  /** The fingerprints whose runs are under way in this process. */
  running: Set<string>;
}

export interface Tool {
  name: string;
  /** For the agent: what it tells or does. */
  about: string;
  /** Without it the tool is not there. */
  can: Capability;
  input: InputSchema;
  effect: "reads" | "plans" | "changes";
  run(agent: Agent, input: Fields): Promise<Fields>;
}

/** The answer of an operation, cut to its contract, in the turn of its team. */
export async function runOperation({ ctx }: Agent, operation: JsonOperation, input: Fields): Promise<Fields> {
  const answer = await inTurn(ctx, operation.turns, () => operation.run(ctx, input));
  return operation.output.parse(answer) as Fields;
}
