// The demo of a team: made-up producers and receivers in its own instance, with signed traffic through the real door.
// docs/decisions/046-a-demo-that-leaves-no-trace.md
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Demo, DemoState } from "#server/contracts/demo.ts";
import { DEMO_MINUTES } from "#server/contracts/demo-size.ts";
import { AppError } from "#server/errors/app-error.ts";
import { newId } from "#server/ids.ts";
import { addJobStatement } from "#server/jobs.ts";
import { makeDemoResources } from "./demo-resources.ts";
import { isForeignKeyViolation, type Tx, transact } from "./transact.ts";

const SELECT = {
  id: true,
  source_ids: true,
  destination_ids: true,
  transformation_ids: true,
  sent_count: true,
  sends_until: true,
  problem: true,
  removed_at: true,
  created_at: true,
} as const;

const NONE: Demo = {
  state: "none",
  id: null,
  source_ids: [],
  destination_ids: [],
  transformation_ids: [],
  sent_count: 0,
  sends_until: null,
  problem: null,
  loaded_at: null,
};

async function readDemo(db: Pick<Tx, "demo">, ctx: Ctx): Promise<Demo> {
  const row = await db.demo.findUnique({ where: { team_id: ctx.teamId }, select: SELECT });
  if (!row) return NONE;
  const { created_at, removed_at, sends_until, ...rest } = row;
  const isSending = sends_until > ctx.app.now();
  const state: DemoState = removed_at ? "removing" : isSending ? "sending" : "resting";
  return { ...rest, state, sends_until: sends_until.toISOString(), loaded_at: created_at.toISOString() };
}

export const getDemo = (ctx: Ctx): Promise<Demo> => readDemo(ctx.app.db, ctx);

async function addJob(tx: Tx, name: "send-demo" | "remove-demo", teamId: string): Promise<void> {
  const job = addJobStatement(name, { teamId });
  await tx.$executeRawUnsafe(job.text, ...job.values);
}

const TAKEN: Record<Exclude<DemoState, "none">, string> = {
  sending: "The demo is loaded already: remove it first to load it anew.",
  resting: "The demo is loaded already: remove it first to load it anew.",
  removing: "The demo is being removed: load it again in a few seconds.",
};

/** One per team: the row of the demo is made first, and a second caller waits for it and is refused. */
async function reserve(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const now = ctx.app.now();
  const until = new Date(now.getTime() + DEMO_MINUTES * 60_000);
  const ids = { source_ids: [], destination_ids: [], transformation_ids: [] };
  const data = { team_id: ctx.teamId, id, ...ids, sends_until: until, created_at: now };
  const { count } = await tx.demo.createMany({ data, skipDuplicates: true });
  if (count > 0) return;
  const { state } = await readDemo(tx, ctx);
  throw new AppError("CONFLICT", TAKEN[state === "none" ? "removing" : state]);
}

/** Makes the resources of the demo; its traffic begins within a second and ends by itself. The audit log keeps one entry. */
export async function loadDemo(ctx: Ctx): Promise<Demo> {
  requireCan(ctx, "resources.delete");
  return transact(ctx, async (tx) => {
    const id = newId("demo", ctx.app.now().getTime());
    await reserve(tx, ctx, id);
    const data = await makeDemoResources(tx, ctx);
    await tx.demo.update({ where: { team_id: ctx.teamId }, data, select: { id: true } });
    const counts = Object.fromEntries(Object.entries(data).map(([name, ids]) => [name, ids.length]));
    await recordAudit(tx, ctx, "create", "demo", id, { after: { name: "demo", ...counts } });
    await addJob(tx, "send-demo", ctx.teamId);
    return readDemo(tx, ctx);
  });
}

const MOST_NAMED = 3;

/** Refuses while something that is not of the demo hangs on it. What runs between two of its own ends is the demo's. */
async function requireAlone(tx: Tx, ctx: Ctx, demo: Demo): Promise<void> {
  const { source_ids, destination_ids, transformation_ids } = demo;
  const ours = await tx.$queryRaw<{ name: string }[]>`
    select name from connection where team_id = ${ctx.teamId}
      and ((source_id = any (${source_ids})) <> (destination_id = any (${destination_ids}))
        or source_id <> all (${source_ids}) and destination_id <> all (${destination_ids})
          and jsonb_path_exists(rules, '$[*] ? (@.type == "transform")')
          and exists (select from jsonb_array_elements(rules) r where r ->> 'transformation_id' = any (${transformation_ids})))
    order by name`;
  if (ours.length === 0) return;
  const named = ours.slice(0, MOST_NAMED).map(({ name }) => name);
  const rest = ours.length > MOST_NAMED ? ` and ${ours.length - MOST_NAMED} more` : "";
  throw new AppError(
    "CONFLICT",
    `Connections of your own hang on the demo (${named.join(", ")}${rest}): delete them or lead them elsewhere, and remove the demo then.`,
  );
}

/** The resources go at once; a worker deletes all that came of them within some 15 seconds. The audit log keeps a second entry. */
export async function removeDemo(ctx: Ctx): Promise<Demo> {
  requireCan(ctx, "resources.delete");
  const remove = transact(ctx, async (tx) => {
    await tx.$queryRaw`select from demo where team_id = ${ctx.teamId} for update`;
    const demo = await readDemo(tx, ctx);
    if (demo.id === null) return demo;
    if (demo.state === "removing") {
      // Whoever asks again starts a removal that has come to a stop.
      await addJob(tx, "remove-demo", ctx.teamId);
      return demo;
    }
    await requireAlone(tx, ctx, demo);
    await deleteResources(tx, ctx, demo);
    const data = { removed_at: ctx.app.now() };
    await tx.demo.update({ where: { team_id: ctx.teamId }, data, select: { id: true } });
    const before = { name: "demo", sent_count: demo.sent_count };
    await recordAudit(tx, ctx, "delete", "demo", demo.id, { before });
    await addJob(tx, "remove-demo", ctx.teamId);
    return readDemo(tx, ctx);
  });
  return remove.catch((error: unknown) => {
    if (!isForeignKeyViolation(error)) throw error;
    throw new AppError("CONFLICT", "Somebody has just connected something to the demo: remove it again.");
  });
}

async function deleteResources(tx: Tx, ctx: Ctx, demo: Demo): Promise<void> {
  const of = (ids: string[]) => ({ where: { team_id: ctx.teamId, id: { in: ids } } });
  // One that somebody has made since they were looked at leads to an end of their own: it stays, and keeps its source.
  const ends = { source_id: { in: demo.source_ids }, destination_id: { in: demo.destination_ids } };
  await tx.connection.deleteMany({ where: { team_id: ctx.teamId, ...ends } });
  await tx.source.deleteMany(of(demo.source_ids));
  await tx.destination.deleteMany(of(demo.destination_ids));
  await tx.transformation.deleteMany(of(demo.transformation_ids));
}
