// What `npm start` holds, all its processes and Postgres with them: with nothing to do after a start, at the peak of a burst, and when
// the burst is over. Shared pages count once: Linux's Pss splits them among those that share them.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { configure, openDatabase, startInstalled } from "#test/bench/installation.ts";
import { childrenOf, sum } from "#test/bench/processor-time.ts";
import type { Figure } from "#test/bench/report.ts";
import { proportionalMiB } from "#test/bench/resident-memory.ts";
import { targetAt } from "#test/bench/wiring.ts";
import { makeInstallation } from "#test/support/start.ts";
import { type Bench, CONNECTIONS, untilRecorded } from "./section.ts";

const SETTLE_MS = 12_000;
const BURST = 10_000;
const LOOK_MS = 250;
const PARTS = ["supervisor", "gateway", "worker", "web", "Postgres"] as const;
type Part = (typeof PARTS)[number];

async function familyOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  return [pid, ...(await Promise.all(children.map(familyOf))).flat()];
}

async function partOf(pid: number): Promise<Part> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (command.includes("server/start/main.ts")) return "supervisor";
  return (["gateway", "web", "worker"] as const).find((role) => command.includes(`${role}/main.ts`)) ?? "Postgres";
}

/** MiB of each part. */
async function readParts(supervisorPid: number): Promise<Record<Part, number>> {
  const parts = { supervisor: 0, gateway: 0, worker: 0, web: 0, Postgres: 0 };
  for (const pid of await familyOf(supervisorPid)) parts[await partOf(pid)] += await proportionalMiB(pid);
  return parts;
}

const total = (parts: Record<Part, number>) => sum(Object.values(parts));

function figure(name: string, parts: Record<Part, number>, bar: Figure["bar"]): Figure {
  const detail = PARTS.map((part) => `${part} ${parts[part].toFixed(0)}`).join(", ");
  return { section: "memory", name, value: total(parts), unit: "MiB", bar, detail };
}

export async function measureMemory({ load, receiverPort }: Bench): Promise<Figure[]> {
  await using installation = await makeInstallation();
  // In a start of its own: a later one has loaded nothing for that.
  const path = await configure(installation, receiverPort);
  await using start = startInstalled(installation);
  await start.ready();
  const look = () => readParts(start.child.pid ?? 0);
  await sleep(SETTLE_MS);
  const idle = await look();
  let peak = idle;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const now = await look();
      if (total(now) > total(peak)) peak = now;
      await sleep(LOOK_MS);
    }
  })();
  const client = await openDatabase(installation);
  const target = targetAt(installation.gatewayUrl, path);
  const input = { target, payload: { kind: "plain" as const }, connections: CONNECTIONS, warmUpSeconds: 0 };
  const { answers } = await load.call("hammer", { ...input, seconds: 60, count: BURST });
  await untilRecorded(client, answers);
  await client.end();
  isOver = true;
  await watching;
  await sleep(SETTLE_MS);
  return [
    figure("memory of npm start with nothing to do", idle, { kind: "at most", limit: 300 }),
    figure(`memory at the peak of a burst of ${BURST.toLocaleString("en")} events`, peak, {
      kind: "at most",
      limit: 500,
    }),
    figure("memory when the burst is over", await look(), null),
  ];
}
