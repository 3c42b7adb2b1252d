// What becomes of an event whose attempt failed.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreateDestination } from "#server/contracts/destination.ts";
import type { RetryPolicy } from "#server/contracts/retry-policy.ts";
import type { Rules } from "#server/contracts/rule.ts";
import { cancelEvent, retryEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { startWireServer } from "#test/support/wire-server.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const first = async (branch: Branch, status: string) => {
  const [event] = await eventually(
    () => world.events(branch.id),
    ([row]) => row?.status === status,
  );
  if (!event) throw new Error("There is no event.");
  return event;
};
const counts = async (connectionId: string) =>
  (
    await world.all(
      `select sum(attempt_count)::int as attempts, sum(delivered_count)::int as delivered, sum(failed_count)::int as failed,
        sum(retrying_count)::int as retrying from rollup_minute where connection_id = $1`,
      [connectionId],
    )
  )[0];
const NEVER = { type: "retry", strategy: "linear", interval: 60_000, count: 0 } as const;

describe.concurrent("retry policies", () => {
  const policies: [string, Rules[number], number[]][] = [
    ["linear", { type: "retry", strategy: "linear", interval: 1_000, count: 2 }, [1_000, 1_000]],
    ["exponential", { type: "retry", strategy: "exponential", interval: 1_000, count: 2 }, [1_000, 2_000]],
    ["custom", { type: "retry", strategy: "custom", schedule: [1_500, 1_000] }, [1_500, 1_000]],
  ];
  test("each makes exactly its attempts, at its distances, and then the event has failed for good", async () => {
    await using receiver = await startReceiver({ status: 500 });
    const check = async ([name, rule, waits]: (typeof policies)[number]) => {
      const branch = await makeBranch(world, { to: { url: receiver.url }, rules: [rule] });
      await branch.send({ name });
      const event = await first(branch, "FAILED");
      expect(event).toMatchObject({ attempts: waits.length + 1, response_status: 500, next_attempt_at: null });
      const attempts = await world.attempts(event.id);
      expect(attempts.map(({ number, trigger }) => [number, trigger])).toEqual([
        [1, "INITIAL"],
        [2, "AUTOMATIC"],
        [3, "AUTOMATIC"],
      ]);
      for (const [index, waitMs] of waits.entries()) {
        const [before, after] = [attempts[index]?.created_at, attempts[index + 1]?.created_at];
        const distanceMs = Number(after) - Number(before);
        expect(distanceMs, `${name} ${index}`).toBeGreaterThanOrEqual(waitMs * 0.9);
        expect(distanceMs, `${name} ${index}`).toBeLessThan(waitMs * 1.1 + 2_500);
      }
      expect(await counts(branch.id)).toEqual({ attempts: 3, delivered: 0, failed: 1, retrying: 2 });
    };
    await Promise.all(policies.map(check));
  });

  test("without any policy the next attempt is a minute away, give or take a tenth", async () => {
    await using receiver = await startReceiver({ status: 503 });
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({});
    const event = await first(branch, "RETRYING");
    const waitMs = Number(event.next_attempt_at) - Number(event.last_attempt_at);
    expect(waitMs).toBeGreaterThan(53_900);
    expect(waitMs).toBeLessThan(67_000);
  });

  test("the connection's rule goes before the destination's policy", async () => {
    await using receiver = await startReceiver({ status: 503 });
    const to = { url: receiver.url, retry: { strategy: "linear", interval: 3_600_000, count: 5 } as const };
    const own = await makeBranch(world, { to });
    const ruled = await makeBranch(world, { into: own.destinationId, rules: [NEVER] });
    await own.send({});
    await ruled.send({});
    await first(ruled, "FAILED");
    const waiting = await first(own, "RETRYING");
    expect(Number(waiting.next_attempt_at) - Date.now()).toBeGreaterThan(3_000_000);
  });

  test("Retry-After lengthens a wait and never shortens it", async () => {
    const waitAfter = async (retryAfter: string) => {
      await using receiver = await startReceiver({ status: 429, headers: { "retry-after": retryAfter } });
      const rules = [{ type: "retry", strategy: "linear", interval: 60_000, count: 3 } as const];
      const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
      await branch.send({});
      const event = await first(branch, "RETRYING");
      return Number(event.next_attempt_at) - Number(event.last_attempt_at);
    };
    expect(await waitAfter("600")).toBeGreaterThanOrEqual(600_000);
    expect(await waitAfter(new Date(Date.now() + 900_000).toUTCString())).toBeGreaterThan(895_000);
    for (const useless of ["1", "soon"]) expect(await waitAfter(useless)).toBeLessThan(70_000);
  });

  test("410 and a status that is excluded end it at once", async () => {
    const rule = { type: "retry", strategy: "linear", interval: 60_000, count: 3 } as const;
    for (const [status, response_status_codes, end] of [
      [410, undefined, "FAILED"],
      [404, ["500-599", "429"], "FAILED"],
      [401, ["!401"], "FAILED"],
      [502, ["500-599", "!503"], "RETRYING"],
    ] as const) {
      await using receiver = await startReceiver({ status });
      const rules = [{ ...rule, ...(response_status_codes && { response_status_codes: [...response_status_codes] }) }];
      const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
      await branch.send({});
      expect(await first(branch, end)).toMatchObject({ attempts: 1, response_status: status });
    }
  });

  test("a redirect is not followed: it is an answer that is not 2xx", async () => {
    await using elsewhere = await startReceiver();
    await using receiver = await startReceiver({ status: 302, headers: { location: elsewhere.url } });
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: [NEVER] });
    await branch.send({});
    expect(await first(branch, "FAILED")).toMatchObject({ response_status: 302, error_code: "BAD_RESPONSE" });
    expect(elsewhere.receipts).toEqual([]);
  });
});

describe.concurrent("error codes", () => {
  test("what the network does is named", async () => {
    await using plain = await startReceiver();
    await using resetting = await startWireServer((socket) => socket.resetAndDestroy());
    await using babbling = await startWireServer((socket) => socket.end("SMTP 220 hello\r\n\r\n"));
    await using hanging = await startReceiver("hang");
    const expected: [string, string][] = [
      ["http://127.0.0.1:1024/", "CONNECTION_REFUSED"],
      [resetting.url.href, "CONNECTION_RESET"],
      [babbling.url.href, "PROTOCOL_ERROR"],
      [plain.url.replace("http:", "https:"), "TLS_ERROR"],
      ["http://no-such-host.invalid/", "DNS_LOOKUP_FAILED"],
      [hanging.url, "TIMEOUT"],
    ];
    const check = async ([url, code]: [string, string]) => {
      const branch = await makeBranch(world, { to: { url, timeout_ms: 2_000 }, rules: [NEVER] });
      await branch.send({});
      const event = await first(branch, "FAILED");
      expect(event, url).toMatchObject({ error_code: code, response_status: null, attempts: 1 });
      expect(await world.attempts(event.id)).toMatchObject([
        { error_code: code, requested_url: url, response_body: null },
      ]);
    };
    await Promise.all(expected.map(check));
  });

  test.each([
    ["http://10.0.0.1/hook", "BLOCKED_ADDRESS"],
    ["http://169.254.169.254/latest", "BLOCKED_ADDRESS"],
    ["ftp://example.com/", "INVALID_URL"],
  ])("a destination that got %s past the save is refused when it is sent to: %s", async (url, code) => {
    const branch = await makeBranch(world, { rules: [NEVER] });
    await world.all("update destination set config = jsonb_set(config, '{url}', to_jsonb($2::text)) where id = $1", [
      branch.destinationId,
      url,
    ]);
    await branch.send({});
    expect(await first(branch, "FAILED")).toMatchObject({ error_code: code, response_status: null });
  });
});

describe.concurrent("by hand", () => {
  test("a failed event is tried again under its id, with its policy from the start", async () => {
    await using receiver = await startReceiver((_, index) => ({ status: index < 2 ? 500 : 200 }));
    const rules = [{ type: "retry", strategy: "linear", interval: 1_000, count: 1 } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: [NEVER] });
    await branch.send({});
    const event = await first(branch, "FAILED");
    await world.all("update connection set rules = $2 where id = $1", [branch.id, JSON.stringify(rules)]);
    await world.worker.config.upToDate();
    await retryEvent(world.ctx, { id: event.id });
    expect(await first(branch, "DELIVERED")).toMatchObject({ id: event.id, attempts: 3, error_code: null });
    expect((await world.attempts(event.id)).map(({ number, trigger }) => [number, trigger])).toEqual([
      [1, "INITIAL"],
      [2, "MANUAL"],
      [3, "AUTOMATIC"],
    ]);
  });

  test("a cancelled event is not tried again", async () => {
    await using receiver = await startReceiver({ status: 500 });
    const rules = [{ type: "retry", strategy: "linear", interval: 1_000, count: 5 } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
    const after = await makeBranch(world, { into: branch.destinationId, rules: [{ ...NEVER }] });
    await branch.send({});
    const event = await first(branch, "RETRYING");
    expect(await cancelEvent(world.ctx, { id: event.id })).toMatchObject({ status: "CANCELLED" });
    const attemptsThen = (await world.attempts(event.id)).length;
    // Something later at the same destination has come and gone when the retry would long have been due.
    await world.all("update event set next_attempt_at = now() where id = $1", [event.id]);
    await after.send({});
    await first(after, "FAILED");
    expect(await world.attempts(event.id)).toHaveLength(attemptsThen);
    expect((await world.events(branch.id))[0]?.status).toBe("CANCELLED");
  });
});

describe.concurrent("an answer whose body is cut", () => {
  const answered = async (head: string, to: Partial<CreateDestination["config"]>, status: string) => {
    await using server = await startWireServer((socket) =>
      socket.write(`HTTP/1.1 ${head}\r\ncontent-length: 10\r\n\r\nhalf`),
    );
    const branch = await makeBranch(world, { to: { url: server.url.href, timeout_ms: 1_000, ...to } });
    await branch.send({});
    const event = await first(branch, status);
    const [attempt] = await world.attempts(event.id);
    return { event, attempt };
  };

  test("keeps its status, headers and bytes, and is tried again also where the policy lists only errors", async () => {
    const retry: RetryPolicy = { strategy: "linear", interval: 60_000, count: 1, response_status_codes: ["500-599"] };
    const { event, attempt } = await answered("200 OK\r\nX-Seen: 1", { retry }, "RETRYING");
    expect(event).toMatchObject({ error_code: "TIMEOUT", response_status: 200 });
    expect(attempt).toMatchObject({ error_code: "TIMEOUT", response_status: 200 });
    expect(attempt?.response_headers).toContainEqual(["X-Seen", "1"]);
    expect(String(attempt?.response_body)).toBe("half");
  });

  test("is heard: 410 fails for good, and Retry-After lengthens the wait", async () => {
    expect((await answered("410 Gone", {}, "FAILED")).event).toMatchObject({
      error_code: "TIMEOUT",
      response_status: 410,
    });
    const { event, attempt } = await answered("503 Busy\r\nRetry-After: 7200", {}, "RETRYING");
    expect(Number(event.next_attempt_at) - Number(attempt?.created_at)).toBeGreaterThanOrEqual(7_200_000);
  });
});

test("an unasked 100 before the answer is no failure", async () => {
  await using server = await startWireServer((socket) => {
    socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    setTimeout(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), 60);
  });
  const branch = await makeBranch(world, { to: { url: server.url.href } });
  await branch.send({});
  expect(await first(branch, "DELIVERED")).toMatchObject({ attempts: 1, response_status: 200 });
  expect(server.received).toHaveLength(1);
});
