// `npm run contract` with a fixed seed: whatever an operation is sent, its answer is as the OpenAPI document says.
import { afterAll, beforeAll, expect, test } from "vitest";
import { appRouter } from "#server/api/app-router.ts";
import { createContext } from "#server/api/trpc.ts";
import { plantTarget } from "#test/contract/planted-target.ts";
import { findFailingProcedures } from "#test/contract/procedure-calls.ts";
import { violationLines } from "#test/contract/report.ts";
import { type ContractTarget, runContract } from "#test/contract/run-contract.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";

const SEED = 18;

let api: TestApi;
let receiver: Receiver;
let target: ContractTarget & Disposable;
beforeAll(async () => {
  api = await createApi({ egressAllow: "127.0.0.0/8" });
  receiver = await startReceiver((receipt) => ({ body: receipt.body.toString() }));
  target = await plantTarget({ ...api, receiverUrl: receiver.url });
});
afterAll(async () => {
  target[Symbol.dispose]();
  await Promise.all([api[Symbol.asyncDispose](), receiver[Symbol.asyncDispose]()]);
});

test("every operation is done and refused, and every answer is as documented, of its own team and without a secret", async () => {
  const outcome = await runContract(target, { seed: SEED, wrongCalls: 6, isOver: () => true });
  expect(outcome.violations.flatMap((violation) => violationLines(violation, api.origin))).toEqual([]);
  expect([outcome.neverDone, outcome.neverRefused]).toEqual([[], []]);
  expect(outcome.calls).toBeGreaterThan(1_500);
  expect(target.canaries.filter((canary) => api.logged.join("").includes(canary))).toEqual([]);
  // Some seconds; a busy machine takes several times as long.
}, 180_000);

test("no input makes a procedure fail", async () => {
  const headers = new Headers({ authorization: `Bearer ${target.teams.ours.key}` });
  const caller = appRouter.createCaller(createContext(api.app, headers, "192.0.2.1"));
  const procedures = caller as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
  const procedureOf = (name: string) => {
    const [resource = "", key = ""] = name.split(".");
    return procedures[resource]?.[key];
  };
  const { calls, failures } = await findFailingProcedures(target, procedureOf, { seed: SEED, wrongInputs: 2 });
  expect(failures).toEqual([]);
  expect(calls).toBeGreaterThan(400);
});
