// The machine that this runs on: its disks, its memory, and who listens at our ports. Nothing connects to a port, since the
// dashboard starts at its first connection.
import { readdir, readFile, readlink, stat, statfs } from "node:fs/promises";
import { isIPv4 } from "node:net";
import { totalmem } from "node:os";
import { dirname } from "node:path";
import type { Env } from "#server/env.ts";
import type { DayOnDisk } from "#server/retention/database-days.sql.ts";
import { forecastDisk } from "#server/retention/disk-forecast.ts";
import { findProcess } from "#server/start/process-table.ts";
import { type Finding, unknown } from "./finding.ts";
import { judgeDisk, judgeMemory, judgePort, type PortFacts } from "./judge-machine.ts";

export interface Disks {
  /** The directory of our own data; undefined where there is none. */
  dataDir: string | undefined;
  /** A directory on the disk of Postgres; undefined where it is not on this machine, or not known. */
  databaseDir: string | undefined;
  days: DayOnDisk[] | undefined;
  retentionDays: number;
  nowMs: number;
}

/** A directory that is still to be made lies on the disk of its parent. */
async function findDisk(directory: string): Promise<string | undefined> {
  for (let path = directory; ; path = dirname(path)) {
    if (await stat(path).catch(() => undefined)) return path;
    if (path === dirname(path)) return undefined;
  }
}

const REMOTE = unknown(
  "disk of Postgres",
  "It is not known from here where that is.",
  "Where Postgres is on this machine, set DATABASE_DISK to a directory on its disk; elsewhere watch it there.",
);

export async function lookAtDisks({ dataDir, databaseDir, days, retentionDays, nowMs }: Disks): Promise<Finding[]> {
  const known = [
    { whose: "Postgres", path: databaseDir && (await findDisk(databaseDir)), isDatabase: true },
    { whose: "DATA_DIR", path: dataDir && (await findDisk(dataDir)), isDatabase: false },
  ];
  const seen = new Set<number>();
  const findings: Finding[] = databaseDir === undefined ? [REMOTE] : [];
  for (const { whose, path, isDatabase } of known) {
    if (!path) continue;
    const [{ dev }, disk] = [await stat(path), await statfs(path)];
    if (seen.has(dev)) continue;
    seen.add(dev);
    const freeBytes = disk.bavail * disk.bsize;
    const forecast = isDatabase && days ? forecastDisk(days, { nowMs, retentionDays, freeBytes }) : undefined;
    const freeFiles = disk.files > 0 ? disk.ffree : undefined;
    findings.push(judgeDisk({ whose, freeBytes, totalBytes: disk.blocks * disk.bsize, freeFiles, forecast }));
  }
  return findings;
}

export function lookAtMemory(): Finding {
  const limit = process.constrainedMemory();
  return judgeMemory(process.availableMemory(), limit > 0 && limit < totalmem() ? limit : totalmem());
}

/** The lines of /proc/net/tcp (proc(5)) of sockets that listen at a port, each with its address and inode. */
function listenersIn(table: string, port: number): { address: string; inode: string }[] {
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [hexAddress = "", hexPort = ""] = (fields[1] ?? "").split(":");
    if (fields[3] !== "0A" || Number.parseInt(hexPort, 16) !== port) return [];
    const bytes = Buffer.from(hexAddress, "hex");
    const isAny = bytes.every((byte) => byte === 0);
    // Four bytes stand in the order of the machine, which for all that Node runs on is the lowest first.
    const address = isAny ? "any" : bytes.length === 4 ? bytes.reverse().join(".") : "IPv6";
    return [{ address, inode: fields[9] ?? "" }];
  });
}

const meets = (address: string, host: string) =>
  address === "any" || ["0.0.0.0", "::"].includes(host) || address === host || !isIPv4(host);

async function findHolder(inode: string): Promise<PortFacts["holder"]> {
  const wanted = `socket:[${inode}]`;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const handle of handles) {
      if ((await readlink(`/proc/${pid}/fd/${handle}`).catch(() => "")) !== wanted) continue;
      return { pid: Number(pid), command: (await findProcess(Number(pid)))?.command ?? "" };
    }
  }
  return "somebody";
}

async function holderOf(host: string, port: number): Promise<PortFacts["holder"]> {
  if (process.platform !== "linux") return undefined;
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const [listener] = tables.flatMap((table) => listenersIn(table, port)).filter(({ address }) => meets(address, host));
  return listener ? findHolder(listener.inode) : null;
}

async function firstFreePort(): Promise<number> {
  if (process.getuid?.() === 0) return 0;
  return Number(await readFile("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8").catch(() => 1024));
}

export async function lookAtPorts(env: Pick<Env, "host" | "port" | "gatewayPort" | "roles">): Promise<Finding[]> {
  const { host } = env;
  const wanted = [
    { role: "gateway", variable: "GATEWAY_PORT", port: env.gatewayPort },
    { role: "web", variable: "PORT", port: env.port },
  ] as const;
  const firstFree = await firstFreePort();
  const looked = wanted.map(async ({ role, variable, port }) => {
    if (!env.roles.includes(role) || port === 0) return [];
    return [judgePort({ variable, host, port, holder: await holderOf(host, port), firstFree })];
  });
  return (await Promise.all(looked)).flat();
}
