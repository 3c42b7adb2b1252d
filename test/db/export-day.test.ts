// The export of a day: every row of it once, page by page, of one team alone, and with nothing that a mask hides.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StoredKind } from "#server/contracts/retention.ts";
import { newId } from "#server/ids.ts";
import { getAttempt } from "#server/resources/attempts.ts";
import { exportDay } from "#server/resources/export-day.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import {
  type PackedRequestHeaders,
  packRequestHeaders,
  unpackRequestHeaders,
} from "#server/wire/packed-request-headers.ts";
import { createWorld, type World } from "#test/support/world.ts";

const DAY_MS = 86_400_000;
const dayMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
const date = new Date(dayMs).toISOString().slice(0, 10);
const SECRET = "CANARY-card-0123456789";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  await ensurePartitions(world.pool, Date.now(), 4);
  await store(world.ctx.teamId, dayMs, 1_200);
  await store(world.ctx.teamId, dayMs - 1, 1);
  await store(world.ctx.teamId, dayMs + DAY_MS, 1);
  await store("tm_other", dayMs, 3);
});
afterAll(() => world[Symbol.asyncDispose]());

/** Requests with an event and an attempt each; every tenth waits for its mask. */
async function store(teamId: string, fromMs: number, count: number): Promise<void> {
  const idsOf = (kind: "request" | "event" | "attempt") =>
    Array.from({ length: count }, (_, n) => newId(kind, fromMs + n));
  await world.pool.query(
    `with ids as (select * from unnest($2::text[], $3::text[], $4::text[]) with ordinality as t(request_id, event_id, attempt_id, n)), asked as (
       insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, masks, created_at)
       select $1, request_id, 'src_a', 'accepted', false, 'POST', '/', '', '["H127.0.0.1","utest/1",["x-a","1"]]', convert_to(case when n % 10 = 0 then $6 else repeat('x', 20000) end, 'UTF8'), 2, '',
         case when n % 10 = 0 then '["body"]' end, $5 from ids
     ), tried as (
       insert into attempt (team_id, id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method, request_headers, response_body, latency_ms, created_at)
       select $1, attempt_id, event_id, 'src_a', 'web_a', 'des_a', 1, 'INITIAL', 'https://a.test/', 'POST', '[]', convert_to(case when n % 10 = 0 then $6 else 'ok' end, 'UTF8'), 1, $5 from ids
     )
     insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, trigger, why, occurred_at, resource_id, created_at)
     select $1, event_id, request_id, 'src_a', 'web_a', 'des_a', 'DELIVERED', 'INITIAL', json_build_array(json_build_object('n', 12345678901234567890123)), $5, 'cus_1042', $5 from ids`,
    [teamId, idsOf("request"), idsOf("event"), idsOf("attempt"), new Date(fromMs), SECRET],
  );
}

/** All pages, each asked for behind the last line of the one before. */
async function readAll(kind: StoredKind) {
  const pages: string[] = [];
  for (let after = ""; ; ) {
    const { body } = await exportDay(world.ctx, { date, kind, ...(after && { after }) });
    if (body.length === 0) return pages;
    pages.push(body.toString());
    after = JSON.parse(body.toString().trimEnd().split("\n").at(-1) ?? "").id;
  }
}

test.each(["request", "event", "attempt"] as const)(
  "has each %s of the day once, in pages that are bounded",
  async (kind) => {
    const pages = await readAll(kind);
    expect(pages.length).toBeGreaterThan(2);
    expect(Math.max(...pages.map(({ length }) => length))).toBeLessThan(8 * 1024 * 1024);
    const ids = pages.flatMap((page) =>
      page
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).id as string),
    );
    const stored = await world.all<{ id: string }>(
      `select id from ${kind} where team_id = $1 and created_at >= $2 and created_at < $3 order by id`,
      [world.ctx.teamId, new Date(dayMs), new Date(dayMs + DAY_MS)],
    );
    expect(ids).toEqual(stored.map(({ id }) => id));
    expect(ids).toHaveLength(1_200);
  },
);

test("shows nothing of what waits for its mask, says so, and keeps the digits of numbers", async () => {
  const [requests, events, attempts] = await Promise.all((["request", "event", "attempt"] as const).map(readAll));
  const text = [requests, events, attempts].flat().join("");
  expect(text).not.toContain(Buffer.from(SECRET).toString("base64"));
  const lines = (requests?.join("") ?? "")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ is_withheld }) => is_withheld)).toHaveLength(120);
  expect(lines.find(({ is_withheld }) => !is_withheld)).toMatchObject({
    headers: [
      ["Host", "127.0.0.1"],
      ["user-agent", "test/1"],
      ["x-a", "1"],
    ],
    path: "/",
  });
  expect(Buffer.from(lines[0].body_base64, "base64").toString()).toBe("x".repeat(20_000));
  expect(events?.[0]).toMatch(/"n" ?: ?12345678901234567890123\b/);
  const [event] = (events?.[0] ?? "").split("\n").map((line) => line && JSON.parse(line));
  const at = new Date(dayMs).toISOString();
  expect(event).toMatchObject({ resource_id: "cus_1042", occurred_at: at, created_at: at, delivered_at: null });
});

test("shows an attempt that retention has left of its request as the API does", async () => {
  const ctx = { ...world.ctx, teamId: "tm_left" };
  await store(ctx.teamId, dayMs, 1);
  for (const kind of ["event", "request"])
    await world.pool.query(`delete from ${kind} where team_id = $1`, [ctx.teamId]);
  const { body } = await exportDay(ctx, { date, kind: "attempt" });
  const { response_body_base64: answer, ...attempt } = JSON.parse(body.toString());
  expect(attempt).toMatchObject({ is_withheld: false, requested_url: "https://a.test/" });
  expect(await getAttempt(ctx, { id: attempt.id })).toMatchObject({
    is_withheld: false,
    requested_url: attempt.requested_url,
    response_body: Buffer.from(answer, "base64").toString(),
  });
});

test("is of one's own team, and of days that are over", async () => {
  const { body } = await exportDay({ ...world.ctx, teamId: "tm_other" }, { date, kind: "request" });
  expect(body.toString().trimEnd().split("\n")).toHaveLength(3);
  const today = new Date().toISOString().slice(0, 10);
  await expect(exportDay(world.ctx, { date: today, kind: "request" })).rejects.toMatchObject({
    issues: [{ path: "date", message: expect.stringContaining("not over") }],
  });
  expect((await exportDay(world.ctx, { date: "2020-01-01", kind: "request" })).body.length).toBe(0);
});

test("the database reads every letter of a request's headers as the gateway does, whatever stands behind it", async () => {
  const headersOf = (text: string) => {
    try {
      return unpackRequestHeaders([text]);
    } catch {
      return [];
    }
  };
  const letters = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  const headers = ["", "[1]", '"\\u0000 é'].flatMap((value) => letters.flatMap((letter) => headersOf(letter + value)));
  expect(headers.length).toBe(3 * 2 * 21);
  const packed: PackedRequestHeaders = [...packRequestHeaders(headers), ["", ""], ["X-Own", "h"]];
  expect(packed.filter((each) => typeof each === "string").length).toBe(headers.length);
  const [row] = await world.all<{ headers: unknown }>("select unpacked_request_headers($1) as headers", [
    JSON.stringify(packed),
  ]);
  expect(row?.headers).toEqual(unpackRequestHeaders(packed));
});
