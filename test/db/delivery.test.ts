import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const post = (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

describe("a request becomes a delivery", () => {
  test("a request is answered once it is stored and arrives with the same bytes", async () => {
    await using receiver = await startReceiver();
    const connection = await world.connect({
      name: "plain",
      source: { name: "plain-source", type: "WEBHOOK" },
      destination: { name: "plain-destination", type: "HTTP", config: { url: receiver.url } },
    });
    const [source] = await world.all<{ key: string; id: string }>("select id, key from source where id = $1", [
      connection.source_id,
    ]);
    const body = Buffer.from('{ "b":1,\n"a": "ü" }');
    const answer = await post(`${world.doorUrl}/e/${source?.key}/deep/path?x=1&y=%20`, body, { "x-custom": "Kept" });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ ok: true, request_id: expect.stringMatching(/^req_/) });
    const [receipt] = await receiver.received(1);
    expect(receipt?.body.equals(body)).toBe(true);
    expect(receipt).toMatchObject({ method: "POST", url: "/hook/deep/path?x=1&y=%20" });
    expect(receipt?.headers["x-custom"]).toBe("Kept");
    const [event] = await eventually(
      () => world.events(connection.id),
      ([first]) => first?.status === "DELIVERED",
    );
    expect(await world.attempts(event?.id ?? "")).toMatchObject([
      { number: 1, trigger: "INITIAL", response_status: 200, error_code: null },
    ]);
    expect(await world.all("select * from rollup_minute where connection_id = $1", [connection.id])).toMatchObject([
      { event_count: 1, attempt_count: 1, delivered_count: 1 },
    ]);
  });
});
