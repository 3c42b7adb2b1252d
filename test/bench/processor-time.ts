// Processor time that processes use, read from /proc and so on Linux alone.
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** USER_HZ, which Linux fixes at 100 for all that it tells about processes. */
const TICKS_PER_SECOND = 100;

/** Fields of /proc/<pid>/stat behind the command's closing parenthesis; see proc_pid_stat(5), counted from field 3. */
async function readStat(pid: number | string): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
const PARENT = 1;
const [USER_TICKS, SYSTEM_TICKS] = [11, 12];
/** Of children that have ended. */
const [WAITED_USER_TICKS, WAITED_SYSTEM_TICKS] = [13, 14];

/** Processor time so far, of all threads, in seconds. */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = await readStat(pid);
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
}

/** Postgres makes a process for each connection. */
export async function childrenOf(pid: number): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(pids.map(async (each) => (await readStat(each).catch(() => []))[PARENT]));
  return pids.filter((_, i) => Number(parents[i]) === pid).map(Number);
}

export const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** CPU that processes use over the next seconds, as a share of one core in percent. Those that end meanwhile count as none. */
export async function watchCpu(groups: number[][], seconds: number): Promise<number[]> {
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

/** Processor time so far of a process and of all that it started, those that ended meanwhile with it, in seconds. */
async function familySeconds(pid: number): Promise<number> {
  const fields = await readStat(pid);
  const ticks = [USER_TICKS, SYSTEM_TICKS, WAITED_USER_TICKS, WAITED_SYSTEM_TICKS].map((at) => Number(fields[at]));
  return sum(ticks) / TICKS_PER_SECOND;
}

/** What roles and a Postgres with all its processes have used so far, in seconds. */
export async function usedSeconds(pids: readonly number[], postgresPid?: number): Promise<number> {
  const children = postgresPid === undefined ? [] : [postgresPid, ...(await childrenOf(postgresPid))];
  return sum(await Promise.all([...pids, ...children].map((pid) => familySeconds(pid).catch(() => 0))));
}
