import { expect, test } from "vitest";
import type { SendOutcome } from "#server/egress/client.ts";
import { makeCertificates } from "#server/gateway/certificates.ts";

const urlOf = (name: string) => new URL(`https://api.paypal.com/v1/notifications/certs/CERT-${name}`);
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
  const fetchCertificate = makeCertificates(
    {
      async send({ url }) {
        asked.push(url.pathname);
        return reply(url.pathname);
      },
    },
    () => now,
  );
  return { asked, fetchCertificate, wait: (ms: number) => (now += ms) };
}

test("a certificate is asked for once, by all who want it at one time and after", async () => {
  const { asked, fetchCertificate } = serve(() => answer(200, "PEM"));
  expect(await Promise.all([1, 2, 3].map(() => fetchCertificate(urlOf("a"))))).toEqual(["PEM", "PEM", "PEM"]);
  expect(await fetchCertificate(urlOf("a"))).toBe("PEM");
  expect(asked.length).toBe(1);
});

test("one that cannot be had is asked for again after a minute", async () => {
  let status = 404;
  const { asked, fetchCertificate, wait } = serve(() => answer(status, "x"));
  expect(await fetchCertificate(urlOf("a"))).toBeNull();
  wait(59_999);
  expect(await fetchCertificate(urlOf("a"))).toBeNull();
  expect(asked.length).toBe(1);
  status = 200;
  wait(1);
  expect(await fetchCertificate(urlOf("a"))).toBe("x");
});

test("a stranger who names many has few asked for at once, and one that is kept is still given", async () => {
  const held = Promise.withResolvers<SendOutcome>();
  const { asked, fetchCertificate } = serve((path) => (path.endsWith("known") ? answer(200, "PEM") : held.promise));
  await fetchCertificate(urlOf("known"));
  const many = Array.from({ length: 50 }, (_, i) => fetchCertificate(urlOf(String(i))));
  expect(await fetchCertificate(urlOf("known"))).toBe("PEM");
  expect(asked.length).toBe(5);
  held.resolve(answer(404, ""));
  expect(new Set(await Promise.all(many))).toEqual(new Set([null]));
});
