// Gateway and worker are killed in the middle of a backlog and started again at once: how long until the last event is delivered?
import { wakeLanesStatement } from "#server/events/wake.sql.ts";
import type { Figure } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { countDelivered, queueDue } from "#test/bench/stored-rows.sql.ts";
import { wire } from "#test/bench/wiring.ts";
import { type Bench, lookFor, startStack } from "./section.ts";

const QUEUED = 2_000;
const PATIENCE_MS = 120_000;
const ROUNDS = 3;

export async function measureRestart(bench: Bench): Promise<Figure[]> {
  const rounds: number[] = [];
  const count = bench.rounds ?? (bench.isQuick ? 1 : ROUNDS);
  for (let round = 0; round < count; round++) rounds.push(await killOnce(bench, round));
  return [
    {
      section: "restart",
      name: "kill -9 of gateway and worker to the last delivery",
      value: median(rounds),
      unit: "ms",
      bar: { kind: "at most", limit: 5_000 },
      detail: `${QUEUED.toLocaleString("en")} events, killed when a tenth was delivered; rounds ${rounds.map((ms) => ms.toFixed(0)).join(" ")}`,
    },
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
