// Whatever strangers, receivers and transforms say can be stored, and what came of it can be read back.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settleBatch } from "#server/delivery/settle.sql.ts";
import { newId } from "#server/ids.ts";
import { acceptBatch } from "#server/ingest/accept.sql.ts";
import { storableJson, storableText } from "#server/json/storable.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { deferBranches } from "#server/routing/deferred-branch.sql.ts";
import { type Rows, writeDeferred } from "#server/routing/route.sql.ts";
import { anyJson, anyText } from "#test/support/any-text.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { cases } from "#test/support/generation.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const outcome = async (branch: Branch) => {
  const [events, ignored] = [await world.events(branch.id), await world.ignored(branch.id)];
  return [...events.map(({ status }) => status), ...ignored.map(({ cause }) => cause)].join();
};
const routed = (branch: Branch) =>
  eventually(
    () => outcome(branch),
    (text) => text !== "" && !/QUEUED/.test(text),
  );

const JSON_TYPE = { "content-type": "application/json" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const wanted = { type: "filter", body: { type: "wanted" } } as const;
const either = { type: "filter", body: { $or: [{ type: "wanted" }, { type: { $startsWith: "b" } }] } } as const;

describe("a stranger's text is shown in a trace, not stuck:", () => {
  type Shape = [name: string, body: string, headers: Record<string, string>, rest: string, rule: object];
  const shapes: Shape[] = [
    ["NUL as a value", '{"type":"a\\u0000"}', JSON_TYPE, "", wanted],
    ["half a surrogate pair as a value", '{"type":"a\\ud800"}', JSON_TYPE, "", wanted],
    ["NUL within a value", '{"type":{"deep":["\\u0000"]}}', JSON_TYPE, "", wanted],
    ["half a surrogate pair as a key", '{"type":{"\\udc00":1}}', JSON_TYPE, "", wanted],
    ["a raw NUL in text", "a\u0000b", { "content-type": "text/plain" }, "", { type: "filter", body: "wanted" }],
    ["NUL in a form", "type=a%00b", FORM, "", wanted],
    ["NUL in the query", "{}", JSON_TYPE, "?type=a%00b", { type: "filter", query: { type: "wanted" } }],
    ["NUL in each alternative", '{"type":"a\\u0000"}', JSON_TYPE, "", either],
  ];
  test.each(shapes)("%s", async (_name, body, headers, rest, rule) => {
    const branch = await makeBranch(world, { rules: [rule as never] });
    expect((await branch.post(body, headers, rest)).status).toBe(200);
    expect(await routed(branch)).toBe("FILTERED");
  });

  test("NUL as a key, with a deduplication that reads it", async () => {
    const branch = await makeBranch(world, { rules: [{ type: "deduplicate", window: 60_000 }, wanted] });
    await branch.post('{"\\u0000":"\\ud800"}');
    expect(await routed(branch)).toBe("FILTERED");
  });
});

describe("what a transform says is stored, whatever it is:", () => {
  const codes: [string, string, string][] = [
    ["an error with NUL", 'throw new Error("a\\u0000b")', "TRANSFORMATION_FAILED"],
    ["an error with half a surrogate pair", 'throw new Error("a\\ud800b")', "TRANSFORMATION_FAILED"],
    ["a console line with both", 'console.log("\\u0000\\ud800"); return request', "DELIVERED"],
    ["a body with both", 'request.body = {"\\u0000": "\\u0000\\ud800"}; return request', "DELIVERED"],
    ["a text body with both", 'request.body = "\\ud800\\u0000"; return request', "DELIVERED"],
    ["a body that loses one", "request.body = {}; return request", "DELIVERED"],
    ["a query with both", 'request.query = {"a\\u0000": "\\u0000\\ud800"}; return request', "DELIVERED"],
    ["a path with half a surrogate pair", 'request.path = "/\\ud800"; return request', ""],
    ["thrown NUL that is no error", 'throw {message: "\\u0000", toString: () => "\\u0000"}', "TRANSFORMATION_FAILED"],
  ];
  test.each(codes)("%s", async (name, code, expected) => {
    await using receiver = await startReceiver();
    const made = await createTransformation(world.ctx, { name: name.replace(/\W/g, "-"), code });
    const rules = [{ type: "transform", transformation_id: made.id } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
    await branch.post('{"a":"\\u0000\\ud800"}');
    const text = await routed(branch);
    if (expected) expect(text).toBe(expected);
  });
});

test("a neighbour in the same batch is routed beside all of them", async () => {
  const poisoned = await makeBranch(world, { rules: [wanted] });
  const fine = await makeBranch(world, { rules: [wanted] });
  const answers = Array.from({ length: 40 }, (_, n) =>
    n % 2 ? poisoned.post('{"type":"\\u0000"}') : fine.post('{"type":"other"}'),
  );
  await Promise.all(answers);
  const done = async () => [(await world.ignored(poisoned.id)).length, (await world.ignored(fine.id)).length];
  expect(await eventually(done, ([a, b]) => a === 20 && b === 20)).toEqual([20, 20]);
});

describe("any text and any JSON survives", () => {
  const created_at = new Date();
  const ends = () => ({
    team_id: world.ctx.teamId,
    source_id: "src_any",
    connection_id: "web_any",
    destination_id: "des_any",
    created_at,
  });

  test("the statement that routes", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyJson, async (text, value) => {
        const steps = [{ step: "filter", outcome: "failed", mismatch: { message: text, actual: value } }];
        const why = steps.map((step) => JSON.stringify(step));
        const [event, ignored] = [newId("event", created_at.getTime()), newId("ignored_event", created_at.getTime())];
        const request_id = newId("request", created_at.getTime());
        const transformed = { method: "POST", path: text, query: text, headers: [[text, text]] as [string, string][] };
        const [row1] = await deferBranches(world.pool, [
          { ...ends(), request_id, body_bytes: 0, is_replay: true, is_ordered: false, is_claimed: true },
        ]);
        const taken_id = row1?.id ?? "";
        const rows: Rows = {
          takenIds: [taken_id],
          events: [
            {
              ...ends(),
              taken_id,
              id: event,
              request_id,
              status: "HOLD",
              event_type: text,
              next_attempt_at: created_at,
              transformed,
              body: Buffer.from(text),
              why,
            },
          ],
          ignored: [{ ...ends(), taken_id, id: ignored, request_id, cause: "FILTERED", detail: text, why }],
        };
        await writeDeferred(world.pool, rows, true);
        const [row] = await world.all(
          `select e.event_type, e.transformed, e.why::jsonb as why, i.detail, i.why::jsonb as ignored_why
           from event e, ignored_event i where e.id = $1 and i.id = $2`,
          [event, ignored],
        );
        const cleanWhy = JSON.parse(storableJson(steps));
        expect(row).toEqual({
          event_type: storableText(text),
          transformed: JSON.parse(storableJson(transformed)),
          why: cleanWhy,
          detail: storableText(text),
          ignored_why: cleanWhy,
        });
      }),
      cases(60),
    );
  });

  test("the statement that accepts", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const id = newId("request", created_at.getTime());
        await acceptBatch(
          world.pool,
          [
            {
              team_id: world.ctx.teamId,
              id,
              source_id: "src_any",
              status: "rejected",
              verification: "failed",
              verified: false,
              rejection_cause: "VERIFICATION_FAILED",
              rejection_detail: text,
              method: text,
              path: text,
              query: text,
              headers: [[text, text]],
              content_type: text,
              body: Buffer.from([0, 255]),
              body_bytes: 2,
              event_type: text,
              provider_event_id: text,
              is_kept: true,
              remote_ip: text,
              created_at,
            },
          ],
          { isRepeat: false },
        );
        const [row] = await world.all(
          "select path, query, rejection_detail, provider_event_id, headers::jsonb as headers, body from request where id = $1",
          [id],
        );
        const clean = storableText(text);
        expect(row).toEqual({
          path: clean,
          query: clean,
          rejection_detail: clean,
          provider_event_id: clean,
          headers: [[clean, clean]],
          body: Buffer.from([0, 255]),
        });
      }),
      cases(60),
    );
  });

  test("the statement that settles", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const id = newId("attempt", created_at.getTime());
        const event_id = newId("event", created_at.getTime());
        await settleBatch(
          world.pool,
          [
            {
              ...ends(),
              event_id,
              token: "1",
              status: "FAILED",
              next_attempt_at: null,
              attempt: {
                ...ends(),
                id,
                event_id,
                number: 1,
                trigger: "INITIAL",
                requested_url: text,
                http_method: text,
                request_headers: [[text, text]],
                response_status: 200,
                response_headers: [[text, text]],
                response_body: Buffer.from([0, 255]),
                error_code: null,
                latency_ms: 1,
                phases: null,
                created_at,
              },
            },
          ],
          { isRepeat: false },
        );
        const [row] = await world.all(
          "select requested_url, http_method, request_headers::jsonb as sent, response_headers::jsonb as received from attempt where id = $1",
          [id],
        );
        const clean = storableText(text);
        const headers = [[clean, clean]];
        expect(row).toEqual({ requested_url: clean, http_method: clean, sent: headers, received: headers });
      }),
      cases(60),
    );
  });
});
