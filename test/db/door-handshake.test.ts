import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RequestHistogram } from "#server/contracts/histogram.ts";
import type { HttpMethod } from "#server/contracts/http.ts";
import { ListRequests } from "#server/contracts/request.ts";
import { countRequests } from "#server/resources/histogram.ts";
import { getRequest, listRequests } from "#server/resources/requests.ts";
import { makeProducer } from "#test/support/branch.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

describe("a handshake that brings the secret", () => {
  const HOOK_SECRET = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81";
  const rows = (sourceId: string) => world.requests(sourceId);

  test("of Asana gets it back, and its owner sees it", async () => {
    for (const allowed_http_methods of [["POST"], ["PUT"]] as HttpMethod[][]) {
      const producer = await makeProducer(world, { type: "ASANA", config: { allowed_http_methods } });
      const answer = await producer.post("{}", { "x-hook-secret": HOOK_SECRET });
      expect([answer.status, answer.headers.get("x-hook-secret"), await answer.text()]).toEqual([200, HOOK_SECRET, ""]);
      const [row, ...others] = await rows(producer.sourceId);
      expect(others).toEqual([]);
      expect(row).toMatchObject({ status: "rejected", rejection_cause: "HANDSHAKE", verification: "unattempted" });
      expect(row?.rejection_detail).toMatch(/^The handshake was answered\. If you made this webhook just now, set/);
      const seen = await getRequest(world.ctx, { id: String(row?.id) });
      expect(seen.headers).toContainEqual(["x-hook-secret", HOOK_SECRET]);
    }
  });

  test("is counted as no request that was refused, and found by its own cause alone", async () => {
    const producer = await makeProducer(world, { type: "ASANA" });
    await producer.post("{}", { "x-hook-secret": HOOK_SECRET });
    await producer.post("{}", { "x-hook-signature": "00" });
    const counts = await world.all(
      "select sum(rejected_count)::int as rejected, sum(signature_failure_count)::int as forged from rollup_minute where source_id = $1",
      [producer.sourceId],
    );
    expect(counts).toEqual([{ rejected: 1, forged: 1 }]);
    const causesOf = async (filter: object) => {
      const input = ListRequests.parse({ source_id: [producer.sourceId], ...filter });
      return (await listRequests(world.ctx, input)).data.map(({ rejection_cause }) => rejection_cause);
    };
    expect(await causesOf({ status: "rejected" })).toEqual(["VERIFICATION_FAILED"]);
    expect(await causesOf({ rejection_cause: ["HANDSHAKE"] })).toEqual(["HANDSHAKE"]);
    expect(await causesOf({})).toHaveLength(2);
    const histogram = RequestHistogram.parse({ source_id: [producer.sourceId], from: "now-1h" });
    const { total, data } = await countRequests(world.ctx, histogram);
    const counted = data.flatMap(({ counts }) => Object.entries(counts)).sort();
    expect([total, counted]).toEqual([
      2,
      [
        ["handshake", 1],
        ["rejected", 1],
      ],
    ]);
  });

  test("of Notion is answered, and its owner sees the token", async () => {
    const producer = await makeProducer(world, { type: "NOTION" });
    const body = JSON.stringify({ verification_token: "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl" });
    expect((await producer.post(body)).status).toBe(200);
    const [row] = await rows(producer.sourceId);
    expect(row).toMatchObject({ status: "rejected", rejection_cause: "HANDSHAKE" });
    expect(JSON.stringify((await getRequest(world.ctx, { id: String(row?.id) })).body)).toContain(
      "secret_tMrlL1qK5vuQAh1b6cZG",
    );
  });

  test("is not answered when it could not be kept: it comes no second time", async () => {
    const producer = await makeProducer(world, { type: "ASANA" });
    const probe = () => producer.post("{}", { "x-hook-secret": HOOK_SECRET, "x-pad": "p".repeat(1_500) });
    const statuses: number[] = [];
    while (!statuses.includes(503) && statuses.length < 500)
      statuses.push(...(await Promise.all(Array.from({ length: 10 }, probe))).map(({ status }) => status));
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(await rows(producer.sourceId)).toHaveLength(statuses.filter((status) => status === 200).length);
  });

  test("is kept whatever a stranger has sent before that was refused", async () => {
    const producer = await makeProducer(world, { type: "ASANA" });
    const refused = () => producer.post("{}", { "x-hook-signature": "00" });
    for (let i = 0; i < 62; i++)
      for (const { status } of await Promise.all(Array.from({ length: 10 }, refused))) expect(status).toBe(401);
    expect((await producer.post("{}", { "x-hook-secret": HOOK_SECRET })).status).toBe(200);
  });

  test("takes no secret by itself: what a stranger signs with his own is refused", async () => {
    const producer = await makeProducer(world, { type: "ASANA" });
    expect((await producer.post("{}", { "x-hook-secret": HOOK_SECRET })).status).toBe(200);
    const body = '{"events":[]}';
    const signature = createHmac("sha256", HOOK_SECRET).update(body).digest("hex");
    expect((await producer.post(body, { "x-hook-signature": signature })).status).toBe(401);
  });
});
