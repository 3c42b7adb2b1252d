// The inputs of the same operations as procedures: whatever one is given, it is no fault of ours.
import type { OpenApi } from "./document.ts";
import { operationsOf } from "./document.ts";
import { type Caller, rightParts } from "./make-calls.ts";
import { makePool } from "./pool.ts";
import { makeRandom } from "./random.ts";
import type { ContractTarget } from "./run-contract.ts";
import { spoiledValue } from "./spoiled-value.ts";

type Procedure = (input: unknown) => Promise<unknown>;

export interface ProcedureFailure {
  name: string;
  input: unknown;
  error: unknown;
}

const CODES_OF_CALLERS = [
  "BAD_REQUEST",
  "UNAUTHORIZED",
  "FORBIDDEN",
  "NOT_FOUND",
  "CONFLICT",
  "PAYLOAD_TOO_LARGE",
  "UNPROCESSABLE_CONTENT",
  "TOO_MANY_REQUESTS",
];

function callerOf(target: ContractTarget, document: OpenApi, seed: number): Caller {
  const { id, key, readKey, ids } = target.teams.ours;
  const pool = makePool(new Set(target.teams.ours.ownIds));
  for (const [resource, known] of Object.entries({ ...ids, teams: id })) pool.add(resource, known);
  return {
    ...{ document, random: makeRandom(seed), pool, mark: `p${seed}`, canary: "cAnArY-p", team: "ours", key, readKey },
    foreign: target.teams.theirs.ids,
    foreignTeam: target.teams.theirs.id,
    known: (operation) => target.known(operation, ids),
  };
}

/** Calls each procedure with one right input and `wrongInputs` that have something wrong; resolves to what was no refusal. */
export async function findFailingProcedures(
  target: ContractTarget,
  procedureOf: (name: string) => Procedure | undefined,
  { seed, wrongInputs }: { seed: number; wrongInputs: number },
): Promise<{ calls: number; failures: ProcedureFailure[] }> {
  const caller = callerOf(target, target.document, seed);
  const failures: ProcedureFailure[] = [];
  let calls = 0;
  for (const operation of operationsOf(target.document)) {
    const procedure = procedureOf(operation.name);
    if (!procedure) continue;
    for (let i = 0; i <= wrongInputs; i++) {
      const { path, query, body } = rightParts(caller, operation, i === 0);
      const right = { ...query, ...(body as object | undefined), ...path };
      const schema = {
        properties: Object.fromEntries(operation.parameters.map((each) => [each.name, each.schema])),
        ...operation.body?.schema,
      };
      const input = i === 0 ? right : spoiledValue(caller.document, caller.random, right, schema);
      calls++;
      await procedure(input).catch((error: { code?: string }) => {
        if (!CODES_OF_CALLERS.includes(error.code ?? "")) failures.push({ name: operation.name, input, error });
      });
    }
  }
  return { calls, failures };
}
