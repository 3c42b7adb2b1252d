// Work that fails by itself ends visibly, and holds up nothing else meanwhile.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  // Stands for a bug of ours: the outcome of a branch that Postgres refuses, whoever writes it.
  await world.pool.query(`
    create table refused (connection_id text, causes text[]);
    create function refuse() returns trigger language plpgsql as $$ begin
      if exists (select from refused r where r.connection_id = new.connection_id
        and (tg_argv[0] = 'event' or to_jsonb(new) ->> 'cause' = any (r.causes))) then
        raise exception 'refused';
      end if;
      return new;
    end $$;
    create trigger refuse_event before insert on event for each row execute function refuse('event');
    create trigger refuse_ignored before insert on ignored_event for each row execute function refuse('ignored');`);
});
afterAll(() => world[Symbol.asyncDispose]());

const refuse = (branch: Branch, causes: string[] = []) =>
  world.pool.query("insert into refused values ($1, $2)", [branch.id, causes]);
/** As if the waits between tries were over. It ends claims too, so a try may begin beside one that is under way. */
const hurry = () =>
  world.pool.query("update deferred_branch set due_at = now() where tries > 0 and due_at < now() + interval '70 s'");
const left = ({ id }: Branch) => world.all("select id from deferred_branch where connection_id = $1", [id]);

async function ended<T>(ask: () => Promise<T[]>): Promise<T[]> {
  return eventually(
    async () => {
      await hurry();
      return ask();
    },
    (rows) => rows.length > 0,
    30_000,
  );
}

test("a branch whose outcome cannot be stored ends in an ignored event, and its siblings go on at once", async () => {
  const refused = await makeBranch(world, {});
  const sibling = await makeBranch(world, { from: refused });
  const neighbour = await makeBranch(world, {});
  await refuse(refused);
  const requestIds = await Promise.all([refused.send({}), ...Array.from({ length: 20 }, () => neighbour.send({}))]);
  await eventually(
    async () => [(await world.events(sibling.id)).length, (await world.events(neighbour.id)).length],
    ([own, others]) => own === 1 && others === 20,
  );
  // It still waits for its next try: nobody has hurried it.
  expect([await left(refused), await world.ignored(refused.id)]).toEqual([[expect.anything()], []]);
  expect(await ended(() => world.ignored(refused.id))).toMatchObject([
    {
      request_id: requestIds[0],
      cause: "ROUTING_FAILED",
      detail: expect.stringMatching(/^Routing gave up after [67] tries: its outcome could not be stored\.$/),
      why: [
        { step: "connection", outcome: "enabled" },
        { step: "routing", outcome: "failed", tries: expect.toBeOneOf([6, 7]) },
      ],
    },
  ]);
  expect(await left(refused)).toEqual([]);
});

test("a request that cannot be seen is kept and tried again, and is routed when it can", async () => {
  const branch = await makeBranch(world, {});
  const requestId = await takeAway(branch);
  await eventually(
    () => world.all<{ tries: number }>("select tries from deferred_branch where request_id = $1", [requestId]),
    ([row]) => (row?.tries ?? 0) > 0,
  );
  await world.pool.query("insert into request select * from away where id = $1", [requestId]);
  expect(await ended(() => world.events(branch.id))).toMatchObject([{ request_id: requestId }]);
  expect(await world.ignored(branch.id)).toEqual([]);
  expect(await left(branch)).toEqual([]);
});

test("a request that is never seen ends in an ignored event", async () => {
  const branch = await makeBranch(world, {});
  const requestId = await takeAway(branch);
  expect(await ended(() => world.ignored(branch.id))).toMatchObject([
    {
      request_id: requestId,
      cause: "ROUTING_FAILED",
      detail: expect.stringMatching(/^Routing gave up after [67] tries: its request could not be read\.$/),
    },
  ]);
});

test("what cannot even be stored as failed is given up, with its day", async () => {
  const branch = await makeBranch(world, {});
  await refuse(branch, ["ROUTING_FAILED"]);
  await branch.send({});
  await eventually(
    () => left(branch),
    (rows) => rows.length === 1,
  );
  await eventually(
    async () => {
      await hurry();
      return left(branch);
    },
    (rows) => rows.length === 0,
    30_000,
  );
});

/** A hand-off that names a request which the database does not show; the request stands in `away`. */
async function takeAway(branch: Branch): Promise<string> {
  const id = newId("request");
  const { teamId } = world.ctx;
  await world.pool.query("create table if not exists away (like request)");
  await world.pool.query(
    `insert into away (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, created_at)
     values ($1, $2, $3, 'accepted', false, 'POST', '/', '', '[]', '', 0, '127.0.0.1', now())`,
    [teamId, id, branch.sourceId],
  );
  await world.pool.query("insert into hand_off (requests) values ($1::json)", [
    JSON.stringify([[teamId, id, branch.sourceId]]),
  ]);
  return id;
}
