// The doctor's look at a spool: one that is away everywhere, the rest on a real NATS server where one is installed.
import { expect, test, vi } from "vitest";
import { makeByteSeals } from "#server/crypto/byte-seal.ts";
import { examine } from "#server/doctor/doctor.ts";
import type { Finding } from "#server/doctor/finding.ts";
import { parseEnv } from "#server/env.ts";
import { makeLog } from "#server/process/log.ts";
import { SPOOL_KEY_PURPOSE, sealArrival } from "#server/spool/sealed-arrival.ts";
import { openSpoolStream } from "#server/spool/spool-stream.ts";
import { plainArrival } from "#test/support/arrival.ts";
import { takePort } from "#test/support/free-port.ts";
import { findNatsServer, startNats } from "#test/support/nats.ts";

const SECRET = "a secret of at least thirty-two characters";
const OTHER_SECRET = "another secret of at least thirty-two characters";
const HOUR_MS = 3_600_000;
const now = () => Date.now();

/** All that the doctor finds where the database is away, by what it looked at. */
async function look(url: string, { otherSecret, nowMs = now }: { otherSecret?: string; nowMs?: () => number } = {}) {
  const env = parseEnv({
    SPOOL_URL: url,
    ...(otherSecret && { SWITCHYARD_SECRET: SECRET, SWITCHYARD_OTHER_SECRET: otherSecret }),
  });
  const findings = await examine({ env, database: { away: "It is away." }, secret: SECRET, nowMs });
  return Object.fromEntries(findings.map((finding): [string, Finding] => [finding.check, finding]));
}

test("a spool that nobody answers for is told, without its password", async () => {
  const at = `127.0.0.1:${await takePort()}`;
  const found = await look(`nats://us:hidden@${at}`);
  expect(found.spool).toMatchObject({
    verdict: "fail",
    says: expect.stringContaining(`No server of SPOOL_URL answers (${at})`),
  });
  expect(JSON.stringify(found)).not.toContain("hidden");
  expect((await look("")).spool).toBeUndefined();
});

const nats = findNatsServer();
if (!nats)
  console.warn(
    "NOT RUN: the doctor's look at a real spool. Put nats-server on the PATH, or name it by NATS_SERVER_BIN.",
  );

test.skipIf(!nats)(
  "a spool is told with what lies in it, how much room is left, and what of it does not open",
  async () => {
    await using servers = await startNats(nats ?? "", 1);
    const lookAt = (more: Parameters<typeof look>[1] = {}) => look(servers.url, more);
    expect((await lookAt()).spool).toMatchObject({ verdict: "warn", says: "There is no stream spool yet." });
    const refused = await look(servers.url.replace(servers.password, "wrong"));
    expect(refused.spool).toMatchObject({ verdict: "fail", says: expect.stringContaining("refuse the log-in") });

    const { spool } = parseEnv({ SPOOL_URL: servers.url });
    if (!spool) throw new Error(`${servers.url} is no spool.`);
    const stream = openSpoolStream(spool, makeLog("test", "silent"));
    try {
      await vi.waitUntil(() => stream.isUsable(), { timeout: 10_000 });
      const put = (secret: string, bytes = 10) => {
        const arrival = { ...plainArrival("src_a", new Date()), body: Buffer.alloc(bytes) };
        const sealed = sealArrival(makeByteSeals(SPOOL_KEY_PURPOSE, secret), arrival);
        return stream.put(arrival.team_id, arrival.id, sealed);
      };
      const kinds = ["spool", "spool's replicas", "spool's room", "spool's oldest", "spool's key"];
      const verdictsOf = (found: Record<string, Finding>) => kinds.map((kind) => found[kind]?.verdict);
      expect(verdictsOf(await lookAt())).toEqual(["ok", "ok", "ok", undefined, "ok"]);
      await put(SECRET);
      await put(OTHER_SECRET);
      await put(SECRET);
      const found = await lookAt();
      expect(verdictsOf(found)).toEqual(["ok", "ok", "ok", "ok", "fail"]);
      expect(found["spool's room"]?.says).toMatch(/^The stream spool holds 3 of 1000000 requests and .* of 16 MiB\.$/);
      expect(found["spool's key"]?.says).toMatch(
        /^1 of the 3 requests in it do not open, and are set aside as unusable/,
      );
      const other = await lookAt({ otherSecret: OTHER_SECRET });
      expect(other["spool's key"]).toMatchObject({ verdict: "ok" });
      const later = await lookAt({ nowMs: () => now() + 3 * HOUR_MS });
      expect(later["spool's oldest"]).toMatchObject({
        verdict: "warn",
        says: expect.stringContaining("has lain there for 3 h"),
      });
      for (let n = 0; n < 10; n++) await put(SECRET, 900_000);
      expect((await lookAt())["spool's room"]).toMatchObject({ verdict: "warn" });
      // Looking takes nothing away, and leaves no reader behind.
      expect((await stream.look()).messages).toBe(13);
    } finally {
      await stream.close();
    }
  },
);
