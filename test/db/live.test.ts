// What an open page is told: all of it first, then only what has changed, at one price for any number of pages.
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { appRouter } from "#server/api/app-router.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { type LiveChange, LiveEvent, type WatchChanges } from "#server/contracts/live.ts";
import { correctBranchCounts } from "#server/events/branch-counts.sql.ts";
import { lowestId } from "#server/ids.ts";
import { type LiveHub, type LiveOptions, makeLiveHub } from "#server/live/hub.ts";
import { makeLog } from "#server/process/log.ts";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startFront } from "#test/support/front.ts";
import { signInAs } from "#test/support/people.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const MANY = { maxPages: 1_000, maxPagesPerTeam: 100, recheckMs: 10_000, heartbeatMs: 5_000, staleMs: 7_000 };

function openHub(limits?: LiveOptions): LiveHub {
  const hub = makeLiveHub(world.env.databaseUrl, makeLog("test", "warn"), limits);
  onTestFinished(() => hub.close());
  return hub;
}

/** A page that is open until it is closed; `told` is what it has heard, with ids. */
async function openPage(
  hub: LiveHub,
  input: WatchChanges = {},
  caller: () => Ctx | undefined = () => world.ctx,
): Promise<{ told: { id: string; change: LiveChange }[]; close(): void; ended: Promise<unknown> }> {
  const closing = new AbortController();
  const calls = appRouter.createCaller({ caller, live: hub }, { signal: closing.signal });
  const told: { id: string; change: LiveChange }[] = [];
  const stream = (await calls.live.changes(input)) as unknown as AsyncIterable<[string, LiveChange]>;
  const ended = (async () => {
    for await (const [id, change] of stream) told.push({ id, change });
  })();
  ended.catch(() => {});
  return { told, close: () => closing.abort(), ended };
}

const heard = (page: { told: unknown[] }, check: (changes: LiveChange[]) => boolean) =>
  eventually(async () => (page.told as { change: LiveChange }[]).map(({ change }) => change), check);

test("a page is told the whole at first, and then new requests, events and counts as they come", async () => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  await pauseConnection(world.ctx, { id: branch.id });
  const page = await openPage(openHub());
  const [whole] = await heard(page, ({ length }) => length > 0);
  expect(whole).toMatchObject({ is_whole: true, is_at_least: false });
  expect(whole?.counts).not.toHaveProperty(branch.id);

  const requestId = await branch.send({ n: 1 });
  const changes = await heard(page, (all) => all.some(({ counts }) => counts?.[branch.id]?.hold_count === 1));
  const later = changes.slice(1);
  expect(later.every(({ is_whole }) => !is_whole)).toBe(true);
  expect(later.flatMap(({ requests = [] }) => requests.map(({ id }) => id))).toEqual([requestId]);
  expect(later.flatMap(({ events = [] }) => events.map(({ request_id }) => request_id))).toEqual([requestId]);
  expect(later.some(({ rates }) => rates?.[branch.sourceId]?.accepted_count === 1)).toBe(true);
  page.close();
});

test("a hundred pages cost the database what one does, and one more than may be open is refused", async () => {
  const hub = openHub(MANY);
  const pages = await Promise.all(Array.from({ length: 100 }, () => openPage(hub)));
  await Promise.all(pages.map((page) => heard(page, ({ length }) => length > 0)));
  expect(hub.looks()).toBe(1);
  const refused = await openPage(hub);
  await expect(refused.ended).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
  for (const page of pages) page.close();
  await Promise.all(pages.map(({ ended }) => ended));
  const again = await openPage(hub);
  await heard(again, ({ length }) => length > 0);
  again.close();
});

test("a backlog of any size is counted exactly, and hides no other branch", async () => {
  await world.all("insert into team (id, name) values ('tm_backlog', 'backlog')");
  const text = `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, hold_reason, trigger, next_attempt_at, why, created_at)
    select 'tm_backlog', $1 || lpad(n::text, 10, '0'), 'req', 'src', $2, $3, $4, case when $4 = 'HOLD' then 'connection_paused' end, 'INITIAL', now() + interval '1 hour', '[]', now()
    from generate_series(1, $5::int) as n`;
  for (const [name, status, count] of [
    ["a", "SCHEDULED", 5_000],
    ["b", "SCHEDULED", 3],
    ["c", "HOLD", 4_000],
  ] as const) {
    const ids = [`src_bl${name}`, `des_bl${name}`, `web_bl${name}`];
    await world.all(
      "insert into source (id, team_id, name, type, key, config) values ($1, 'tm_backlog', $1, 'WEBHOOK', $1, '{}')",
      [ids[0]],
    );
    await world.all(
      "insert into destination (id, team_id, name, type, config) values ($1, 'tm_backlog', $1, 'HTTP', '{}')",
      [ids[1]],
    );
    await world.all(
      "insert into connection (id, team_id, name, source_id, destination_id, paused_at) values ($3, 'tm_backlog', $3, $1, $2, now())",
      ids,
    );
    const prefix = `${lowestId("event", Date.now())}${name.toUpperCase().repeat(6)}`;
    await world.all(text, [prefix, ids[2], ids[1], status, count]);
  }
  await correctBranchCounts(world.pool);
  const page = await openPage(openHub(), {}, () => ({ ...world.ctx, teamId: "tm_backlog" }));
  const [whole] = await heard(page, ({ length }) => length > 0);
  expect(whole).toMatchObject({
    is_at_least: false,
    counts: { web_bla: { scheduled_count: 5_000 }, web_blb: { scheduled_count: 3 }, web_blc: { hold_count: 4_000 } },
  });
  page.close();
});

test("a page that comes back is told what it has missed, and the whole where that is forgotten", async () => {
  const hub = openHub();
  const branch = await makeBranch(world, {});
  await pauseConnection(world.ctx, { id: branch.id });
  const [page, other] = [await openPage(hub), await openPage(hub)];
  await heard(page, ({ length }) => length > 0);
  page.close();
  await page.ended;
  const lastEventId = page.told.at(-1)?.id;
  await branch.send({});
  await heard(other, (all) => all.some(({ counts }) => counts?.[branch.id]?.hold_count === 1));
  const back = await openPage(hub, { lastEventId });
  const missed = await heard(back, (all) => all.some(({ counts }) => counts?.[branch.id]?.hold_count === 1));
  expect(missed[0]?.is_whole).toBe(false);
  const lost = await openPage(hub, { lastEventId: "gone:7" });
  expect((await heard(lost, ({ length }) => length > 0))[0]?.is_whole).toBe(true);
  for (const each of [other, back, lost]) each.close();
});

test("a page is told what becomes of an event that it was told of", async () => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  await pauseConnection(world.ctx, { id: branch.id });
  const page = await openPage(openHub(), { kinds: ["events"] });
  await branch.send({});
  const states = (all: LiveChange[]) =>
    all.flatMap(({ events = [] }) => events.filter(({ connection_id }) => connection_id === branch.id));
  await heard(page, (all) => states(all).some(({ status }) => status === "HOLD"));
  await unpauseConnection(world.ctx, { id: branch.id });
  const changes = await heard(page, (all) => states(all).some(({ status }) => status === "DELIVERED"));
  const delivered = states(changes).find(({ status }) => status === "DELIVERED");
  expect(LiveEvent.parse(delivered)).toMatchObject({ attempts: 1, response_status: 200, hold_reason: null });
  page.close();
});

test("a page that hears no news is told so, at once when it comes back and then again and again", async () => {
  const hub = openHub({ ...MANY, heartbeatMs: 300 });
  const first = await openPage(hub, { kinds: ["bulk"] });
  const [whole] = await heard(first, ({ length }) => length > 2);
  expect([whole?.is_whole, first.told.at(-1)?.change]).toEqual([true, { is_whole: false }]);
  const back = await openPage(hub, { kinds: ["bulk"], lastEventId: first.told.at(-1)?.id });
  expect((await heard(back, ({ length }) => length > 1))[0]).toEqual({ is_whole: false });
  for (const page of [first, back]) page.close();
});

test("a page is told of a changed resource within two seconds although no process announces it", async () => {
  const branch = await makeBranch(world, {});
  const page = await openPage(openHub(), { kinds: ["config"] });
  await heard(page, ({ length }) => length > 0);
  const startedAtMs = performance.now();
  await pauseConnection(world.ctx, { id: branch.id });
  await heard(page, (all) => all.some(({ is_whole, config }) => !is_whole && config !== undefined));
  expect(performance.now() - startedAtMs).toBeLessThan(1_500);
  page.close();
});

test("a page whose data cannot be read is told so instead of nothing", async () => {
  const hub = openHub({ ...MANY, heartbeatMs: 100, staleMs: 1_000 });
  const page = await openPage(hub, { kinds: ["bulk"] });
  await heard(page, ({ length }) => length > 0);
  await world.all("alter table bulk_operation rename to bulk_operation_away");
  onTestFinished(async () => void (await world.all("alter table bulk_operation_away rename to bulk_operation")));
  await expect(page.ended).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
});

test("a page hears of the kinds that it asked for, of its own team, and nothing once it may not read", async () => {
  const hub = openHub();
  const branch = await makeBranch(world, {});
  await pauseConnection(world.ctx, { id: branch.id });
  await world.all("insert into team (id, name) values ('tm_other_live', 'other') on conflict do nothing");
  const foreign = await openPage(hub, {}, () => ({ ...world.ctx, teamId: "tm_other_live" }));
  const counts = await openPage(hub, { kinds: ["counts"] });
  const stranger = await openPage(hub, {}, () => undefined);
  await expect(stranger.ended).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  await heard(counts, ({ length }) => length > 0);
  const requestId = await branch.send({});
  const changes = await heard(counts, (all) => all.some((each) => each.counts?.[branch.id]?.hold_count === 1));
  for (const change of changes) {
    expect(Object.keys(change).filter((name) => !["is_whole", "counts", "is_at_least"].includes(name))).toEqual([]);
  }
  expect(JSON.stringify(foreign.told)).not.toContain(requestId);
  expect(foreign.told[0]?.change).toMatchObject({ counts: {}, requests: [] });
  foreign.close();
  counts.close();
});

test("a page ends by itself when its caller may read no more, and when the process stops", async () => {
  const hub = makeLiveHub(world.env.databaseUrl, makeLog("test", "warn"), { ...MANY, recheckMs: 100 });
  let isRevoked = false;
  const revoked = await openPage(hub, {}, () => (isRevoked ? undefined : world.ctx));
  await heard(revoked, ({ length }) => length > 0);
  isRevoked = true;
  await expect(revoked.ended).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  const open = await openPage(hub);
  await heard(open, ({ length }) => length > 0);
  await hub.close();
  await open.ended;
});

test("a browser hears it as a stream of events with ids, and a stranger is told to log in", async () => {
  const hub = openHub();
  await using front = await startFront("http://127.0.0.1:1", { app: world.ctx.app, live: hub });
  const { cookie } = await signInAs(front.url, world.env.databaseUrl, "viewer");
  const closing = new AbortController();
  const open = (headers: Record<string, string>) =>
    fetch(`${front.url}/api/trpc/live.changes?input=${encodeURIComponent("{}")}`, {
      headers: { accept: "text/event-stream", "sec-fetch-site": "same-origin", ...headers },
      signal: closing.signal,
    });
  const answer = await open({ cookie });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  const text = await textUntil(answer, "is_whole");
  expect(text).toMatch(/\bid: [0-9a-f]{8}:0\b/);
  const stranger = await open({});
  expect(await textUntil(stranger, "UNAUTHORIZED")).toContain("UNAUTHORIZED");
  closing.abort();
});

test("a stream is of the team that its page names, whatever another tab looks at, and never of a team that the person is not in", async () => {
  const hub = openHub();
  await using front = await startFront("http://127.0.0.1:1", { app: world.ctx.app, live: hub });
  const { cookie, person } = await signInAs(front.url, world.env.databaseUrl, "viewer");
  for (const id of ["tm_stream_own", "tm_stream_foreign"])
    await world.all("insert into team (id, name) values ($1, $1)", [id]);
  await world.all("insert into member (team_id, user_id, role) values ('tm_stream_own', $1, 'viewer')", [person.id]);
  await world.all(
    "insert into source (id, team_id, name, type, key, config) values ('src_so', 'tm_stream_own', 'so', 'WEBHOOK', 'so', '{}')",
  );
  await world.all(
    "insert into rollup_minute (team_id, bucket, source_id, connection_id, destination_id, accepted_count) values ('tm_stream_own', date_trunc('minute', now()), 'src_so', '', '', 7)",
  );
  const closing = new AbortController();
  const open = (team_id: string) => {
    const params = encodeURIComponent(JSON.stringify({ team_id }));
    return fetch(`${front.url}/api/trpc/live.changes?input=${encodeURIComponent("{}")}&connectionParams=${params}`, {
      headers: { accept: "text/event-stream", "sec-fetch-site": "same-origin", cookie },
      signal: closing.signal,
    });
  };
  expect(await textUntil(await open("tm_stream_own"), "is_whole")).toContain('"src_so"');
  expect(await textUntil(await open("tm_stream_foreign"), "FORBIDDEN")).not.toContain("is_whole");
  closing.abort();
});

async function textUntil(answer: Response, words: string): Promise<string> {
  let text = "";
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes(words)) break;
  }
  return text;
}
