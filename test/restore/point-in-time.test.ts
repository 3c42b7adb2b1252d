// A cluster that archives its log is brought to a point that was named, and to a time: what was acknowledged before is there, and
// nothing of what came after. It is what docs/guide/operating.md tells an operator to do.
import { execFile } from "node:child_process";
import { chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "#server/database/migrate.ts";
import { correctBranchCounts, foldBranchCounts } from "#server/events/branch-counts.sql.ts";
import { createDestination } from "#server/resources/destinations.ts";
import { createSource } from "#server/resources/sources.ts";
import { DATABASE } from "#server/start/embedded-postgres.ts";
import { ensureCluster } from "#server/start/postgres-cluster.ts";
import { openPostgresHome } from "#server/start/postgres-home.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { copyCluster, makeNode, type PostgresNode } from "#test/support/replicated-postgres.ts";
import { createWorld, eventually } from "#test/support/world.ts";

const POINT = "before_the_mistake";

const made = new AsyncDisposableStack();
let node: (name: string, settings?: Record<string, string>) => PostgresNode;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let archive: string;
/** The numbers of the webhooks that were answered with 200 before the point. */
const acknowledged: string[] = [];
let time: string;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-point-"));
  made.defer(() => rm(directory, { recursive: true, force: true }));
  const home = await openPostgresHome();
  archive = join(directory, "archive");
  await mkdir(archive);
  if (home.user) for (const path of [directory, archive]) await chown(path, home.user.uid, home.user.gid);
  const password = await ensureCluster(home, join(directory, "first"), () => {});
  node = (name, settings) => {
    const each = makeNode(home, join(directory, name), password, settings);
    made.defer(() => each.stop("SIGQUIT"));
    return each;
  };
  receiver = made.use(await startReceiver());
  const first = node("first", { archive_mode: "on", archive_command: `cp %p ${archive}/%f` });
  await first.start();
  await first.query(`create database ${DATABASE}`, "postgres");
  await migrate(first.url);
  await live(first);
  await first.die();
}, 120_000);
afterAll(() => made.disposeAsync());

/** The life of the installation: a copy while webhooks come, the point, and what came after it. */
async function live(first: PostgresNode): Promise<void> {
  await using world = await createWorld({ databaseUrl: first.url });
  const source = await createSource(world.ctx, { name: "in" });
  const destination = await createDestination(world.ctx, { name: "out", config: { url: receiver.url } });
  const ends = { source_id: source.id, destination_id: destination.id };
  await world.connect({ name: "at once", ...ends });
  // Its events are on their way while the point comes.
  await world.connect({ name: "later", rules: [{ type: "delay", delay: 8_000 }], ...ends });
  const send = async (n: number) => {
    const answer = await fetch(world.ingestUrl(source), { method: "POST", body: String(n) });
    return answer.status === 200;
  };
  let n = 0;
  let isCopied = false;
  const copying = copyCluster(first, node("base")).finally(() => {
    isCopied = true;
  });
  while (!isCopied || n < 200) if (await send(n)) acknowledged.push(String(n++));
  await copying;
  for (const end = n + 50; n < end; n++) if (await send(n)) acknowledged.push(String(n));
  await first.query(`select pg_create_restore_point('${POINT}')`);
  time = (await first.query("select clock_timestamp()::text as now"))[0].now;
  for (const end = n + 50; n < end; n++) expect(await send(n)).toBe(true);
  const [{ segment }] = await first.query("select pg_walfile_name(pg_switch_wal()) as segment");
  await eventually(
    () => first.query(`select last_archived_wal >= '${segment}' as is_done from pg_stat_archiver`),
    ([row]) => row.is_done,
  );
}

const targets = { name: () => `recovery_target_name = '${POINT}'`, time: () => `recovery_target_time = '${time}'` };

test.each(["name", "time"] as const)(
  "a point by its %s has all that was acknowledged before it and nothing later, and deliveries go on",
  async (by) => {
    const restored = node(by);
    await promisify(execFile)("cp", ["-a", node("base").dir, restored.dir]);
    await restored.own(
      "postgresql.auto.conf",
      `restore_command = 'cp ${archive}/%f "%p"'\n${targets[by]()}\nrecovery_target_action = 'promote'\n`,
    );
    await restored.own("recovery.signal", "");
    await restored.start();
    await eventually(
      () => restored.query("select pg_is_in_recovery() as is_recovering", "postgres"),
      ([row]) => !row.is_recovering,
    );
    const before = receiver.receipts.length;
    await using world = await createWorld({ databaseUrl: restored.url });
    const bodies = await world.all<{ body: string }>(
      "select convert_from(body, 'utf8') as body from request order by id",
    );
    expect(bodies.map(({ body }) => body)).toEqual(acknowledged);
    await eventually(
      () => world.all<{ status: string }>("select status from event"),
      (events) => events.length === 2 * acknowledged.length && events.every(({ status }) => status === "DELIVERED"),
      30_000,
    );
    const sentAgain = receiver.receipts.slice(before).map(({ body }) => String(body));
    expect(sentAgain.length).toBeGreaterThanOrEqual(50);
    expect(sentAgain.filter((body) => !acknowledged.includes(body))).toEqual([]);
    await foldBranchCounts(world.pool);
    expect(await correctBranchCounts(world.pool)).toEqual([]);
    const source = await createSource(world.ctx, { name: "after" });
    expect((await fetch(world.ingestUrl(source), { method: "POST", body: "new" })).status).toBe(200);
    await world[Symbol.asyncDispose]();
    await restored.stop();
  },
);
