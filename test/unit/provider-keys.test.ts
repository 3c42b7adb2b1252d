import { expect, test } from "vitest";
import type { SendOutcome } from "#server/egress/client.ts";
import { makeProviderKeys } from "#server/gateway/provider-keys.ts";
import type { KeyAnswer, KeyQuestion } from "#server/providers/inbound.ts";

const urlOf = (name: string) => new URL(`https://api.paypal.com/v1/notifications/certs/CERT-${name}`);
const had = (text: string): KeyAnswer => ({ kind: "had", text });
const certificate = (name: string, more: Partial<KeyQuestion> = {}): KeyQuestion => ({
  id: urlOf(name).href,
  ask: async ({ call }) => {
    const served = await call({ url: urlOf(name) });
    return served ? had(served.toString()) : { kind: "missing", why: "it was not served" };
  },
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
  expect(await Promise.all([1, 2, 3].map(() => fetchKey(certificate("a"))))).toEqual(Array(3).fill(had("PEM")));
  expect(await fetchKey(certificate("a"))).toEqual(had("PEM"));
  expect(asked.length).toBe(1);
});

test("one that cannot be had is asked for again after a minute", async () => {
  let status = 404;
  const { asked, fetchKey, wait } = serve(() => answer(status, "x"));
  expect(await fetchKey(certificate("a"))).toMatchObject({ kind: "missing" });
  wait(59_999);
  expect(await fetchKey(certificate("a"))).toMatchObject({ kind: "missing" });
  expect(asked.length).toBe(1);
  status = 200;
  wait(1);
  expect(await fetchKey(certificate("a"))).toEqual(had("x"));
});

test("a stranger who names many has few asked for at once, and one that is kept is still given", async () => {
  const held = Promise.withResolvers<SendOutcome>();
  const { asked, fetchKey } = serve((path) => (path.endsWith("known") ? answer(200, "PEM") : held.promise));
  await fetchKey(certificate("known"));
  const many = Array.from({ length: 50 }, (_, i) => fetchKey(certificate(String(i))));
  expect(await fetchKey(certificate("known"))).toEqual(had("PEM"));
  expect(asked.length).toBe(5);
  held.resolve(answer(404, ""));
  expect((await Promise.all(many)).map(({ kind }) => kind)).toEqual(Array(50).fill("missing"));
});

test("what is kept for a time is asked for again after it", async () => {
  const { asked, fetchKey, wait } = serve(() => answer(200, "key"));
  const question = certificate("a", { keptForMs: 1_000 });
  await fetchKey(question);
  wait(999);
  await fetchKey(question);
  expect(asked.length).toBe(1);
  wait(1);
  expect(await fetchKey(question)).toEqual(had("key"));
  expect(asked.length).toBe(2);
});

test("a stranger who names many keys uses up a few calls of their owner, and none of another's", async () => {
  let status = 404;
  const { asked, fetchKey, wait } = serve(() => answer(status, "key"));
  for (let n = 0; n < 50; n += 1)
    expect(await fetchKey(certificate(`${n}`, { owner: "one" }))).toMatchObject({ kind: "missing" });
  expect(asked.length).toBe(10);
  status = 200;
  expect(await fetchKey(certificate("good", { owner: "two" }))).toEqual(had("key"));
  expect(await fetchKey(certificate("other", { owner: "one" }))).toMatchObject({ kind: "missing" });
  wait(60_000);
  expect(await fetchKey(certificate("other", { owner: "one" }))).toEqual(had("key"));
});

test("an owner whose provider does not answer leaves room for others", async () => {
  const held = Promise.withResolvers<SendOutcome>();
  const { asked, fetchKey } = serve((path) => (path.endsWith("good") ? answer(200, "key") : held.promise));
  const slow = Array.from({ length: 9 }, (_, n) => fetchKey(certificate(`${n}`, { owner: "one" })));
  expect(await fetchKey(certificate("good", { owner: "two" }))).toEqual(had("key"));
  expect(asked.length).toBe(3);
  held.resolve(answer(404, ""));
  expect((await Promise.all(slow)).map(({ kind }) => kind)).toEqual(Array(9).fill("missing"));
});

test("why a key could not be had is told as long as it is not asked for again", async () => {
  const { fetchKey, wait } = serve(() => answer(404, ""));
  expect(await fetchKey(certificate("a"))).toEqual({ kind: "missing", why: "it was not served" });
  wait(59_999);
  expect(await fetchKey(certificate("a"))).toEqual({ kind: "missing", why: "it was not served" });
});

test("a key that is good for longer than it is fresh serves on while no newer one can be had, for as long again, and never past its end", async () => {
  let status = 200;
  let untilMs = 10_000;
  const { asked, fetchKey, wait } = serve(() => answer(status, "x"));
  const question = (): KeyQuestion => {
    const given = certificate("a", { keptForMs: 1_000 });
    const ask: KeyQuestion["ask"] = async (asking) => ({ ...(await given.ask(asking)), untilMs }) as KeyAnswer;
    return { ...given, ask };
  };
  const kind = async () => (await fetchKey(question())).kind;
  expect(await kind()).toBe("had");
  status = 503;
  wait(1_999);
  expect(await kind()).toBe("had");
  wait(1);
  expect(await kind()).toBe("missing");
  [status, untilMs] = [200, 63_500];
  wait(61_000);
  expect([await kind(), asked.length]).toEqual(["had", 3]);
  status = 503;
  wait(500);
  expect(await kind()).toBe("missing");
});
