// Processes are killed in the middle of a backlog and started again at once: how long until the last event is delivered? And how long
// does each role take to start?
import { access } from "node:fs/promises";
import type { Role } from "#server/env.ts";
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import { type Figure, listRounds } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { countDelivered, queueDue } from "#test/bench/stored-rows.sql.ts";
import { wire } from "#test/bench/wiring.ts";
import { measureRestartOfAll } from "./restart-all.ts";
import { type Bench, BUILD_ID, lookFor, roundsOf, startStack } from "./section.ts";

const QUEUED = 2_000;
const PATIENCE_MS = 120_000;
const ROUNDS = 3;

export async function measureRestart(bench: Bench): Promise<Figure[]> {
  const rounds: number[] = [];
  const count = roundsOf(bench, ROUNDS, 1);
  for (let round = 0; round < count; round++) rounds.push(await killOnce(bench, round));
  return [
    {
      section: "restart",
      name: "kill -9 of gateway and worker to the last delivery",
      value: median(rounds),
      unit: "ms",
      bar: { kind: "at most", limit: 5_000 },
      detail: `${QUEUED.toLocaleString("en")} events, killed when a tenth was delivered; ${listRounds(rounds, 0)}`,
    },
    await measureRestartOfAll(bench),
    ...(await measureStarts(bench, count)),
  ];
}

async function killOnce(bench: Bench, round: number): Promise<number> {
  const { instance, receiverPort } = bench;
  await using stack = await startStack(bench, `bench_restart_${round}`, (databaseUrl) =>
    wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "queued" } }),
  );
  const { client, databaseUrl, prepared: wiring } = stack;
  await queueDue(client, wiring, QUEUED, Date.now());
  await client.query(wakeLanesStatement(wiring.branches.map(({ destinationId }) => destinationId)));
  await lookFor(client, QUEUED / 10);
  for (const { pid } of [stack.gateway, stack.worker]) process.kill(pid, "SIGKILL");
  const killedAt = performance.now();
  if ((await countDelivered(client)) >= QUEUED) throw new Error("All was delivered before the kill.");
  await using started = new AsyncDisposableStack();
  const [gateway, worker] = await Promise.all([
    instance.startRole("gateway", databaseUrl),
    instance.startRole("worker", databaseUrl),
  ]);
  started.use(gateway);
  started.use(worker);
  const { atMs } = await lookFor(client, QUEUED, PATIENCE_MS);
  return atMs - killedAt;
}

/** Each role alone over a database of its own, the dashboard where it is built. */
async function measureStarts({ instance }: Bench, count: number): Promise<Figure[]> {
  const isBuilt = await access(BUILD_ID).then(
    () => true,
    () => false,
  );
  const roles: Role[] = ["gateway", "worker", ...(isBuilt ? (["web"] as const) : [])];
  const databaseUrl = await instance.createDatabase("bench_starts");
  const figures: Figure[] = [];
  for (const role of roles) {
    const rounds: number[] = [];
    for (let round = 0; round < count; round++) {
      await using started = await instance.startRole(role, databaseUrl);
      rounds.push(started.readyAfterMs);
    }
    figures.push({
      section: "restart",
      name: `start of role ${role} until it is ready`,
      value: median(rounds),
      unit: "ms",
      bar: { kind: "at most", limit: 1_500 },
      detail: listRounds(rounds, 0),
    });
  }
  return figures;
}
