// What an instance costs that has nothing to do. Read from /proc, so on Linux alone.
import { access } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf, sum, watchCpu } from "#test/bench/processor-time.ts";
import type { Figure } from "#test/bench/report.ts";
import { residentMiB } from "#test/bench/resident-memory.ts";
import { wire } from "#test/bench/wiring.ts";
import type { Bench } from "./section.ts";

const SETTLE_SECONDS = 12;
const PROJECT_DIR = join(import.meta.dirname, "..", "..", "..");

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

export async function measureIdle(bench: Bench): Promise<Figure[]> {
  const { instance, receiverPort, isQuick } = bench;
  if (!(await exists("/proc/self/stat"))) return [];
  await using stack = new AsyncDisposableStack();
  const databaseUrl = await instance.createDatabase("bench_idle");
  await wire(databaseUrl, { receiverPort, fanOut: 3, source: { name: "idle" } });
  const gateway = stack.use(await instance.startRole("gateway", databaseUrl));
  const worker = stack.use(await instance.startRole("worker", databaseUrl));
  const roles = [gateway, worker];
  const hasDashboard = await exists(join(PROJECT_DIR, ".next", "BUILD_ID"));
  if (hasDashboard) roles.push(stack.use(await instance.startRole("web", databaseUrl)));
  await sleep(SETTLE_SECONDS * 1000);

  const pids = roles.map(({ pid }) => pid);
  const seconds = isQuick ? 10 : 20;
  const groups = [pids, await childrenOf(instance.postgresPid), ...pids.map((pid) => [pid])];
  const [all = Number.NaN, postgres = Number.NaN, ...each] = await watchCpu(groups, seconds);
  const names = ["gateway", "worker", "web"];
  const memory = await Promise.all(pids.map(residentMiB));
  const list = (values: number[]) => values.map((value, i) => `${names[i]} ${value.toFixed(1)}`).join(", ");
  const unmeasured = hasDashboard ? "" : "; web is not built (npm run build) and not measured";
  return [
    {
      section: "idle",
      name: "CPU of all roles",
      value: all,
      unit: "% of a core",
      bar: { kind: "below", limit: 3 },
      detail: `over ${seconds} s: ${list(each)}${unmeasured}`,
    },
    {
      section: "idle",
      name: "CPU of their Postgres",
      value: postgres,
      unit: "% of a core",
      bar: null,
      detail: "all its processes",
    },
    {
      section: "idle",
      name: "memory of gateway and worker",
      value: sum(memory.slice(0, 2)),
      unit: "MiB",
      bar: { kind: "below", limit: 300 },
      detail: `resident: ${list(memory)}`,
    },
  ];
}
