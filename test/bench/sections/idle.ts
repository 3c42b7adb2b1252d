// What an instance costs that has nothing to do. Read from /proc, so on Linux alone.
import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Figure } from "#test/bench/report.ts";
import { residentMiB } from "#test/bench/resident-memory.ts";
import { wire } from "#test/bench/wiring.ts";
import type { Bench } from "./section.ts";

/** USER_HZ, which Linux fixes at 100 for all that it tells about processes. */
const TICKS_PER_SECOND = 100;
const SETTLE_SECONDS = 12;
const PROJECT_DIR = join(import.meta.dirname, "..", "..", "..");

/** Fields of /proc/<pid>/stat behind the command's closing parenthesis; see proc_pid_stat(5), counted from field 3. */
async function readStat(pid: number | string): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
const PARENT = 1;
const [USER_TICKS, SYSTEM_TICKS] = [11, 12];

/** Processor time so far, of all threads, in seconds. */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = await readStat(pid);
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
}

/** Postgres makes a process for each connection. */
async function childrenOf(pid: number): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(pids.map(async (each) => (await readStat(each).catch(() => []))[PARENT]));
  return pids.filter((_, i) => Number(parents[i]) === pid).map(Number);
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** CPU that processes use over the next seconds, as a share of one core in percent. Those that end meanwhile count as none. */
async function watchCpu(groups: number[][], seconds: number): Promise<number[]> {
  const read = (pid: number) => cpuSeconds(pid).catch(() => Number.NaN);
  const readAll = () => Promise.all(groups.map((pids) => Promise.all(pids.map(read))));
  const [before, startedAt] = [await readAll(), performance.now()];
  await sleep(seconds * 1000);
  const after = await readAll();
  const elapsed = (performance.now() - startedAt) / 1000;
  return groups.map((pids, g) => {
    const used = pids.map((_, i) => (after[g]?.[i] ?? 0) - (before[g]?.[i] ?? 0));
    return (sum(used.filter((value) => !Number.isNaN(value))) / elapsed) * 100;
  });
}

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
