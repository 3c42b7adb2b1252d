import { expect, test } from "vitest";
import type { SendOutcome } from "#server/egress/client.ts";
import { makeProviderKeys } from "#server/gateway/provider-keys.ts";
import type { KeyQuestion } from "#server/providers/inbound.ts";

const urlOf = (name: string) => new URL(`https://api.paypal.com/v1/notifications/certs/CERT-${name}`);
const certificate = (name: string, more: Partial<KeyQuestion> = {}): KeyQuestion => ({
  id: urlOf(name).href,
  ask: (call) => call({ url: urlOf(name) }),
  ...more,
});
const answer = (status: number, body: string): SendOutcome => ({
  kind: "response",
  status,
  headers: [],
  body: Buffer.from(body),
  latencyMs: 1,
  phases: null,
});

function serve(reply: (path: string) => SendOutcome | Promise<SendOutcome>) {
  const asked: string[] = [];
  let now = 0;
  const fetchKey = makeProviderKeys(
    {
      async send({ url }) {
        asked.push(url.pathname);
        return reply(url.pathname);
      },
    },
    () => now,
  );
  return { asked, fetchKey, wait: (ms: number) => (now += ms) };
}

test("a certificate is asked for once, by all who want it at one time and after", async () => {
  const { asked, fetchKey } = serve(() => answer(200, "PEM"));
  expect(await Promise.all([1, 2, 3].map(() => fetchKey(certificate("a"))))).toEqual(["PEM", "PEM", "PEM"]);
  expect(await fetchKey(certificate("a"))).toBe("PEM");
  expect(asked.length).toBe(1);
});

test("one that cannot be had is asked for again after a minute", async () => {
  let status = 404;
  const { asked, fetchKey, wait } = serve(() => answer(status, "x"));
  expect(await fetchKey(certificate("a"))).toBeNull();
  wait(59_999);
  expect(await fetchKey(certificate("a"))).toBeNull();
  expect(asked.length).toBe(1);
  status = 200;
  wait(1);
  expect(await fetchKey(certificate("a"))).toBe("x");
});

test("a stranger who names many has few asked for at once, and one that is kept is still given", async () => {
  const held = Promise.withResolvers<SendOutcome>();
  const { asked, fetchKey } = serve((path) => (path.endsWith("known") ? answer(200, "PEM") : held.promise));
  await fetchKey(certificate("known"));
  const many = Array.from({ length: 50 }, (_, i) => fetchKey(certificate(String(i))));
  expect(await fetchKey(certificate("known"))).toBe("PEM");
  expect(asked.length).toBe(5);
  held.resolve(answer(404, ""));
  expect(new Set(await Promise.all(many))).toEqual(new Set([null]));
});

test("what is kept for a time is asked for again after it", async () => {
  const { asked, fetchKey, wait } = serve(() => answer(200, "key"));
  const question = certificate("a", { keptForMs: 1_000 });
  await fetchKey(question);
  wait(999);
  await fetchKey(question);
  expect(asked.length).toBe(1);
  wait(1);
  expect(await fetchKey(question)).toBe("key");
  expect(asked.length).toBe(2);
});

test("a stranger who names many keys uses up a few calls of their owner, and none of another's", async () => {
  let status = 404;
  const { asked, fetchKey, wait } = serve(() => answer(status, "key"));
  for (let n = 0; n < 50; n += 1) expect(await fetchKey(certificate(`${n}`, { owner: "one" }))).toBeNull();
  expect(asked.length).toBe(10);
  status = 200;
  expect(await fetchKey(certificate("good", { owner: "two" }))).toBe("key");
  expect(await fetchKey(certificate("other", { owner: "one" }))).toBeNull();
  wait(60_000);
  expect(await fetchKey(certificate("other", { owner: "one" }))).toBe("key");
});

test("an owner whose provider does not answer leaves room for others", async () => {
  const held = Promise.withResolvers<SendOutcome>();
  const { asked, fetchKey } = serve((path) => (path.endsWith("good") ? answer(200, "key") : held.promise));
  const slow = Array.from({ length: 9 }, (_, n) => fetchKey(certificate(`${n}`, { owner: "one" })));
  expect(await fetchKey(certificate("good", { owner: "two" }))).toBe("key");
  expect(asked.length).toBe(3);
  held.resolve(answer(404, ""));
  expect(new Set(await Promise.all(slow))).toEqual(new Set([null]));
});
