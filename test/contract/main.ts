// `npm run contract`: see options.ts.
import { runCommand } from "#test/support/command.ts";
import { type RunOptions, readOptions, USAGE } from "./options.ts";
import { plantTarget } from "./planted-target.ts";
import { startProduct } from "./product.ts";
import { outcomeLines, violationLines } from "./report.ts";
import { runContract } from "./run-contract.ts";

const MINUTE_MS = 60_000;
/** The same violation is told a few times, and then counted. */
const TOLD = 3;

async function run({ minutes, seed, wrongCalls }: RunOptions): Promise<number> {
  console.log(`Seed ${seed}.`);
  await using product = await startProduct();
  using target = await plantTarget(product);
  const endMs = performance.now() + minutes * MINUTE_MS;
  const told = new Map<string, number>();
  const outcome = await runContract(target, {
    seed,
    wrongCalls,
    isOver: () => performance.now() >= endMs,
    onViolation(violation) {
      const kind = `${violation.sent.operation?.name} ${violation.sentences[0]}`;
      told.set(kind, (told.get(kind) ?? 0) + 1);
      if ((told.get(kind) ?? 0) > TOLD) return;
      for (const line of violationLines(violation, product.origin)) console.log(line);
    },
  });
  const leaked = target.canaries.filter((canary) => product.output().includes(canary));
  for (const canary of leaked) console.log(`A log holds a secret that was given, ${canary}.`);
  for (const line of outcomeLines(outcome, seed)) console.log(line);
  if (outcome.statuses.has(500)) console.log(product.output().slice(-5_000));
  const isRight =
    outcome.violations.length + outcome.neverDone.length + outcome.neverRefused.length + leaked.length === 0;
  return isRight ? 0 : 1;
}

await runCommand({ usage: USAGE, brokenCode: 2, readOptions, run });
