// The product as two machines of each kind would run it: two gateways and two workers over one Postgres, each with a network of its own.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { newId } from "#server/ids.ts";
import { signalProcess } from "#server/start/process-table.ts";
import { API_KEY, type RoleProcess, startRolesOn } from "#test/support/system.ts";
import { type DatabaseKind, startDatabase } from "./database.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import type { Team } from "./logs.ts";
import { loadRest, PLANT_HOOK, plantEnv, requirePlanted } from "./planted-role.ts";
import type { Plant } from "./plants.ts";
import { throughPort } from "./postgres-target.ts";
import { makeTeamApi, type TeamApi } from "./team-api.ts";

export type Instance = Awaited<ReturnType<typeof startInstance>>;

/** A place for a process: what runs there is killed, frozen and replaced. */
export interface Slot {
  /** `gateway-1`, `worker-2` … */
  name: string;
  role: "gateway" | "worker";
  proxy: FaultProxy;
  process: RoleProcess;
  /** All that was logged here, by whoever has been here. */
  log(): string;
  /** Puts a new process in the place of one that is gone. */
  replace(): Promise<void>;
  /** Sets the wall clock of the process ahead, or back; one that replaces it has the right time. */
  shiftClock(shiftMs: number): Promise<void>;
}

const DEFAULT_TEAM = "tm_default";
const SHIFTED_CLOCK = pathToFileURL(join(import.meta.dirname, "shifted-clock.mjs")).href;

/**
 * @param migrated as {@link startDatabase} takes it
 * @param plant a bug that all roles have, also those that replace others. A role that turns out to be without it is an error.
 */
export async function startInstance(kind: DatabaseKind = "one", migrated?: string, plant: Plant | null = null) {
  await using starting = new AsyncDisposableStack();
  const postgres = starting.use(await startDatabase(kind, migrated));
  const system = starting.use(await startRolesOn(postgres.url));
  const directory = await mkdtemp(join(tmpdir(), "switchyard-chaos-"));
  starting.defer(() => rm(directory, { recursive: true, force: true }));
  const proxyOf = async () => starting.use(await startFaultProxy(postgres.target));

  const startSlot = async (role: "gateway" | "worker", number: number): Promise<Slot> => {
    const proxy = await proxyOf();
    const clockFile = join(directory, `${role}-${number}`);
    const noteFile = `${clockFile}-planted`;
    const first = plant ? [SHIFTED_CLOCK, PLANT_HOOK] : [SHIFTED_CLOCK];
    const env = {
      DATABASE_URL: throughPort(postgres.url, proxy.port),
      LOG_LEVEL: "error",
      NODE_OPTIONS: first.map((module) => `--import ${module}`).join(" "),
      SHIFTED_CLOCK_FILE: clockFile,
      ...(plant && plantEnv(plant, noteFile)),
    };
    const start = async (url?: string) => {
      await rm(noteFile, { force: true });
      const started = await (role === "gateway" ? system.startGateway(url, env) : system.startWorker(env));
      if (plant?.role !== role) return started;
      if (role === "gateway") await loadRest(started);
      await requirePlanted(plant, noteFile);
      return started;
    };
    let before = "";
    const slot: Slot = {
      name: `${role}-${number}`,
      role,
      proxy,
      process: await start(),
      log: () => before + slot.process.output(),
      async replace() {
        before = slot.log();
        slot.process = await start(slot.process.url);
      },
      async shiftClock(shiftMs) {
        await writeFile(clockFile, String(shiftMs));
        signalProcess(slot.process.pid, "SIGUSR2");
      },
    };
    return slot;
  };
  const slots: Slot[] = await Promise.all([
    startSlot("gateway", 1),
    startSlot("gateway", 2),
    startSlot("worker", 1),
    startSlot("worker", 2),
  ]);
  const [gateways, workers] = [slots.slice(0, 2), slots.slice(2)];
  const urls = () => gateways.map(({ process }) => process.url);
  const teams: Record<Team, { teamId: string; api: TeamApi }> = {
    ours: { teamId: DEFAULT_TEAM, api: makeTeamApi(urls, API_KEY) },
    theirs: await makeTeam(postgres.url, urls),
  };
  const stack = starting.move();
  return { postgres, gateways, workers, slots, urls, teams, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Another team with a key of its own, as `npm run admin` makes them. */
async function makeTeam(databaseUrl: string, urls: () => string[]) {
  const db = makePrisma(databaseUrl, 1);
  try {
    const [teamId, key] = [newId("team"), newApiKey()];
    await db.team.create({ data: { id: teamId, name: "Theirs" } });
    const row = apiKeyRow(new Date(), { key, name: "theirs", scope: "write", teamIds: [teamId], expiresAt: null });
    await db.apiKey.create({ data: row });
    return { teamId, api: makeTeamApi(urls, key) };
  } finally {
    await db.$disconnect();
  }
}
