// `npm run demo`: four providers, three receivers, and an account of every webhook that was acknowledged.
import { setTimeout as wait } from "node:timers/promises";
import { DEMO_PROVIDERS } from "#server/demo/providers.ts";
import { EnvError } from "#server/env.ts";
import { isBadOption } from "#test/support/command.ts";
import { addHistory } from "./add-history.ts";
import { type Api, DemoError, makeApi } from "./api.ts";
import { type DemoOptions, readOptions, USAGE } from "./options.ts";
import { nothingSent, produce } from "./producer.ts";
import { type Receiver, startReceivers } from "./receivers.ts";
import { findProblems, isSettled, ofThisRun, tally } from "./reconcile.ts";
import { makeStatusBlock, tallyLines } from "./status-block.ts";
import { type DemoSource, wire } from "./wiring.ts";

const LOOK_EVERY_MS = 1000;
/** Retries, and the slow receiver, need their time after the last webhook. */
const SETTLE_PATIENCE_MS = 90_000;
const SHOWN_PROBLEMS = 20;
const CLOCK_SLACK_MS = 60_000;

/** Sends, shows, and waits until everything has come to its end or patience is spent. */
async function drive(api: Api, sources: DemoSource[], options: DemoOptions) {
  const sent = nothingSent();
  const block = makeStatusBlock(process.stdout);
  // The other machine's clock may be behind; what is not of this run is left out by its id.
  const from = new Date(Date.now() - CLOCK_SLACK_MS).toISOString();
  const ids = sources.map(({ id }) => id);
  let isProducing = true;
  const producing = produce(sources, options, sent).finally(() => {
    isProducing = false;
  });
  let deadline = Number.POSITIVE_INFINITY;
  for (;;) {
    await Promise.race([wait(LOOK_EVERY_MS), isProducing ? producing : undefined].filter(Boolean));
    const wasProducing = isProducing;
    const recorded = ofThisRun(await api.listSince(from, ids), sent.acknowledged);
    block.show(wasProducing ? "Sending" : "Waiting for the last deliveries", tally(sent, recorded));
    if (wasProducing) continue;
    deadline = Math.min(deadline, performance.now() + SETTLE_PATIENCE_MS);
    if (isSettled(sent.acknowledged, recorded) || performance.now() > deadline) {
      await producing;
      return { sent, recorded };
    }
    await wait(LOOK_EVERY_MS);
  }
}

function summarise(result: Awaited<ReturnType<typeof drive>>, receivers: Receiver[]): number {
  const { sent, recorded } = result;
  console.log(`\nSummary\n${tallyLines(tally(sent, recorded)).join("\n")}`);
  for (const { name, receipts } of receivers) {
    const taken = receipts.filter(({ status }) => status === 200).length;
    console.log(
      `  receiver  ${name}: ${receipts.length} deliveries, ${taken} taken, ${receipts.length - taken} answered 503`,
    );
  }
  const problems = findProblems(
    sent,
    recorded,
    receivers.flatMap(({ receipts }) => receipts),
  );
  if (problems.length === 0) {
    console.log("\nEverything that was acknowledged is accounted for, byte for byte.");
    return 0;
  }
  console.error(`\n${problems.length} things do not add up:`);
  for (const problem of problems.slice(0, SHOWN_PROBLEMS)) console.error(`  ${problem}`);
  return 1;
}

/** The four, each with a secret of this run. */
const makeProviders = () => Object.values(DEMO_PROVIDERS).map(({ newSecret, of }) => of(newSecret()));

async function run(options: DemoOptions): Promise<number> {
  const api = makeApi(options);
  if (options.isHistory) {
    console.log(await addHistory(api));
    return 0;
  }
  const receivers = await startReceivers();
  try {
    const sources = await wire(api, makeProviders(), receivers);
    console.log(`${sources.length} sources and ${receivers.length} receivers are set up at ${options.url}.`);
    return summarise(await drive(api, sources, options), receivers);
  } finally {
    await Promise.all(receivers.map((receiver) => receiver.close()));
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) process.exitCode = await run(options);
  else console.log(USAGE);
} catch (error) {
  if (error instanceof DemoError) console.error(error.message);
  else if (error instanceof EnvError || isBadOption(error)) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(error);
  process.exitCode = 1;
}
