// Every Node process of `npm start` is killed in the middle of a backlog, and it is started again at once: how long until each event is
// delivered? Postgres survives the kill. The new start ends it and starts it again, which is a part of what is measured.
import { configure, openDatabase, startInstalled } from "#test/bench/installation.ts";
import type { Figure } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { targetAt } from "#test/bench/wiring.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { type Installation, makeInstallation, readPids, type Start } from "#test/support/start.ts";
import { type Bench, roundsOf, untilRecorded } from "./section.ts";

const EVENTS = 2_000;
const ROUNDS = 3;
const CONNECTIONS = 64;
const PATIENCE_MS = 120_000;

/** A receiver that answers only while it is open, so that a backlog stands before the first delivery. */
async function startDeliveries() {
  const answered = new Set<string>();
  let [gate, waits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let requests = 0;
  const receiver = await startReceiver(async ({ headers }) => {
    requests++;
    await gate.promise;
    answered.add(String(headers["webhook-id"]));
    waits.resolve();
    return {};
  });
  return {
    port: Number(new URL(receiver.url).port),
    /** Forgets what came, and answers nobody until `open`. */
    close() {
      gate = Promise.withResolvers();
      answered.clear();
      requests = 0;
    },
    open: () => gate.resolve(),
    /** Events that were answered. */
    count: () => answered.size,
    /** Requests beyond one for each event. */
    repeats: () => requests - answered.size,
    /** Resolves once so many events were answered. */
    async untilAnswered(count: number): Promise<void> {
      const deadline = AbortSignal.timeout(PATIENCE_MS);
      const over = new Promise<never>((_, reject) => {
        deadline.addEventListener("abort", () =>
          reject(new Error(`${answered.size} of ${count} events were delivered.`)),
        );
      });
      over.catch(() => undefined);
      while (answered.size < count) {
        waits = Promise.withResolvers();
        await Promise.race([waits.promise, over]);
      }
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}
type Deliveries = Awaited<ReturnType<typeof startDeliveries>>;

interface Round {
  lastMs: number;
  bannerMs: number;
  repeats: number;
}

export async function measureRestartOfAll(bench: Bench): Promise<Figure> {
  await using deliveries = await startDeliveries();
  await using installation = await makeInstallation();
  const path = await configure(installation, deliveries.port);
  const target = targetAt(installation.gatewayUrl, path);
  let start = startInstalled(installation);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => start[Symbol.asyncDispose]());
  const rounds: Round[] = [];
  const count = roundsOf(bench, ROUNDS, 1);
  while (rounds.length < count) {
    await start.ready();
    await makeBacklog(bench, deliveries, target);
    const killedAtMs = await killAll(start, installation, deliveries);
    start = startInstalled(installation);
    const banner = start.ready().then(() => performance.now() - killedAtMs);
    await deliveries.untilAnswered(EVENTS);
    const lastMs = performance.now() - killedAtMs;
    rounds.push({ lastMs, bannerMs: await banner, repeats: deliveries.repeats() });
    await checkRecorded(installation, EVENTS * rounds.length);
  }
  const list = (of: (round: Round) => number) => rounds.map((round) => of(round).toFixed(0)).join(" ");
  return {
    section: "restart",
    name: "kill -9 of all Node processes of npm start to the last delivery",
    value: median(rounds.map(({ lastMs }) => lastMs)),
    unit: "ms",
    bar: { kind: "at most", limit: 5_000 },
    detail: `${EVENTS.toLocaleString("en")} events, killed when a tenth was delivered; rounds ${list(({ lastMs }) => lastMs)}; its banner after ${list(({ bannerMs }) => bannerMs)}; sent again ${list(({ repeats }) => repeats)}`,
  };
}

/** Returns when all events are accepted and none is delivered. */
async function makeBacklog(
  { load }: Bench,
  deliveries: Deliveries,
  target: ReturnType<typeof targetAt>,
): Promise<void> {
  deliveries.close();
  const sending = { target, payload: { kind: "plain" as const }, connections: CONNECTIONS, warmUpSeconds: 0 };
  const { answers, refused } = await load.call("hammer", { ...sending, seconds: 60, count: EVENTS });
  if (answers !== EVENTS || refused > 0)
    throw new Error(`Of ${EVENTS} events ${answers} were answered, ${refused} refused.`);
}

/** Returns the moment. */
async function killAll(start: Start, installation: Installation, deliveries: Deliveries): Promise<number> {
  const { roles } = await readPids(installation);
  deliveries.open();
  await deliveries.untilAnswered(EVENTS / 10);
  for (const pid of [start.child.pid ?? 0, ...roles]) process.kill(pid, "SIGKILL");
  if (deliveries.count() >= EVENTS) throw new Error("All was delivered before the kill.");
  return performance.now();
}

/** Each event counts as delivered once, however often it was sent. */
async function checkRecorded(installation: Installation, count: number): Promise<void> {
  const client = await openDatabase(installation);
  try {
    await untilRecorded(client, count);
  } finally {
    await client.end();
  }
}
