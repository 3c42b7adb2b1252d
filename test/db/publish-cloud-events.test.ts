// CloudEvents that are published, in each of their modes, and how workers hear of what is published.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askIdentity } from "#server/database/database-identity.sql.ts";
import { hearLocally } from "#server/process/local-line.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { eventually } from "#test/support/world.ts";

let api: TestApi;
let sources = 0;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function makeSource(config: object = {}) {
  const { body } = await api.post("/v1/sources", { name: `shop-${++sources}`, type: "PUBLISH", config });
  return body as { id: string; name: string };
}
const rowsOf = async (sourceId: string) =>
  (
    await api.pool.query(
      "select id, event_type, provider_event_id, duplicate_of, verification, headers, content_type, body, path from request where source_id = $1 order by id",
      [sourceId],
    )
  ).rows;
const headersOf = (row: { headers: [string, string][] }) => Object.fromEntries(row.headers);

describe("CloudEvents", () => {
  const event = { specversion: "1.0", id: "ce-1", type: "order.paid", source: "/shop", time: "2026-05-29T00:00:00Z" };
  const send = (source: string, raw: string, headers: Record<string, string>) =>
    api.call("POST", `/v1/publish?source=${source}`, undefined, { raw, headers });

  test("in structured, binary and batch mode become the same request", async () => {
    const source = await makeSource({ deduplicate_provider_events: false });
    const answers = [
      await send(source.name, JSON.stringify({ ...event, region: "eu", data: { a: 1 } }), {
        "content-type": "application/cloudevents+json; charset=utf-8",
      }),
      await send(source.name, '{"a":1}', {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": "ce-1",
        "ce-type": "order.paid",
        "ce-source": "/shop",
        "ce-time": "2026-05-29T00:00:00Z",
        "ce-region": "eu",
      }),
      await send(source.name, JSON.stringify([{ ...event, region: "eu", datacontenttype: null, data: { a: 1 } }]), {
        "content-type": "application/cloudevents-batch+json",
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const rows = (await rowsOf(source.id)).map(({ id: _, ...row }) => ({ ...row, body: row.body.toString() }));
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[2]).toEqual(rows[0]);
    expect(headersOf(rows[0])).toMatchObject({ "ce-source": "/shop", "ce-region": "eu" });
    expect(rows[0]).toMatchObject({ body: '{"a":1}', event_type: "order.paid", provider_event_id: "ce-1" });
  });

  test("in binary mode keep the bytes of any content", async () => {
    const source = await makeSource();
    const bytes = Buffer.from([0, 255, 0x7b, 10]);
    const answer = await fetch(`${api.origin}/v1/publish?source=${source.name}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${api.key}`,
        "content-type": "application/octet-stream",
        "ce-specversion": "1.0",
        "ce-id": "b%201",
        "ce-type": "t",
        "ce-source": "/s",
      },
      body: bytes,
    });
    expect(answer.status).toBe(200);
    const [row] = await rowsOf(source.id);
    expect(row).toMatchObject({ provider_event_id: "b 1", content_type: "application/octet-stream", body: bytes });
    expect(headersOf(row)["ce-id"]).toBe("b%201");
  });

  test.each([
    ["no id", { ...event, id: undefined }, /id/],
    ["another version", { ...event, specversion: "0.3" }, /1\.0/],
    ["an attribute that is an object", { ...event, extra: { a: 1 } }, /extra/],
    ["an attribute whose name no header takes", { ...event, "a b\r\n": "x" }, /small letters/],
  ])("with %s are refused", async (_what, wrong, message) => {
    const source = await makeSource();
    const answer = await send(source.name, JSON.stringify(wrong), { "content-type": "application/cloudevents+json" });
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(message);
    expect(await rowsOf(source.id)).toEqual([]);
  });
});

test("workers of this machine are told by a socket, over a line that the first publish makes", async () => {
  const { name } = await makeSource();
  let told = 0;
  const hearing = hearLocally({ onTold: () => void told++ }, { identify: () => askIdentity(api.pool) });
  await hearing.follow();
  try {
    await eventually(
      () => api.post("/v1/publish", { source: name, type: "order.paid" }).then(() => told),
      (times) => times > 0,
    );
  } finally {
    await hearing.stop();
  }
});
