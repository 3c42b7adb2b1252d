// One SWITCHYARD_SECRET takes the place of another while everything runs, and a third is refused.
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimMasterKey } from "#server/auth/master-key.ts";
import { runAdmin } from "#server/cli/admin-commands.ts";
import { makeConfigCache } from "#server/config/config-cache.ts";
import { fingerprintOf, makeKeyring, secretsPlace } from "#server/crypto/secrets.ts";
import { createDestination } from "#server/resources/destinations.ts";
import { createSource } from "#server/resources/sources.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { startFront } from "#test/support/front.ts";
import { keepLog } from "#test/support/logged.ts";
import { PASSWORD, signInAs } from "#test/support/people.ts";
import { jarOf, pageAt } from "#test/support/person-calls.ts";
import { codeAt, secretIn } from "#test/support/totp.ts";
import { createWorld, type World } from "#test/support/world.ts";

const NEW = "the secret that is to come, of thirty-two characters and more";
const STRANGE = "a secret of nobody's, of thirty-two characters and more too";

const HMAC = (secret: string) => ({ secret, signature_header: "x-signature" });

let world: World;
let old: string;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  old = world.env.secret;
});
afterAll(() => world?.[Symbol.asyncDispose]());

const admin = (words: string, secret: string, otherSecret?: string) =>
  runAdmin(
    { db: world.ctx.app.db, env: { ...world.env, secret, otherSecret }, now: new Date() },
    { words: words.split(" "), options: {} },
  );

/** The configuration as a process with these secrets reads it. */
async function configWith(secret: string, otherSecret?: string) {
  const { databaseUrl } = world.env;
  const { log } = keepLog("error");
  const cache = await makeConfigCache({
    pool: world.pool,
    databaseUrl,
    keyring: makeKeyring(secret, otherSecret),
    log,
  });
  await cache.close();
  return cache.current();
}

test("a secret that does not belong to the database is refused by the start and by each role, with both fingerprints", async () => {
  const { db } = world.ctx.app;
  await createSource(world.ctx, { name: "before", config: { auth_type: "HMAC", auth: HMAC("s-1") } });
  // An earlier release noted no key: what it sealed names it.
  await expect(claimMasterKey(db, makeKeyring(STRANGE), new Date())).rejects.toMatchObject({ code: "CONFLICT" });
  await claimMasterKey(db, makeKeyring(old), new Date());
  const sentence = `The secrets in this database were encrypted under another SWITCHYARD_SECRET (its fingerprint is ${fingerprintOf(old)}, that of the one given is ${fingerprintOf(STRANGE)}): start with that one, or, to change it, give that one as SWITCHYARD_OTHER_SECRET too.`;
  await expect(claimMasterKey(db, makeKeyring(STRANGE), new Date())).rejects.toThrow(sentence);
  await expect(configWith(STRANGE)).rejects.toThrow(sentence);
  await expect(admin("secret rotate", NEW, STRANGE)).rejects.toThrow("another SWITCHYARD_SECRET");
  await expect(admin("secret rotate", NEW)).rejects.toThrow("Set SWITCHYARD_SECRET to the new secret");
  await expect(configWith(old)).resolves.toBeDefined();
});

test("all that is sealed opens before, while and after another secret takes over, authenticators too", async () => {
  const { ctx, env } = world;
  const source = await createSource(ctx, { name: "signed", config: { auth_type: "HMAC", auth: HMAC("s-2") } });
  const destination = await createDestination(ctx, {
    name: "with a header",
    config: { url: "https://receiver.example", headers: { "x-token": "h-2" } },
  });
  const transformation = await createTransformation(ctx, { name: "t", code: "return request", env: { KEY: "e-2" } });
  const lost = await createSource(ctx, { name: "lost", config: { auth_type: "HMAC", auth: HMAC("s-3") } });
  const sealedElsewhere = makeKeyring(STRANGE).seal("{}", secretsPlace("source", lost.id));
  await world.all("update source set secrets = $2 where id = $1", [lost.id, sealedElsewhere]);

  await using before = await startFront("http://127.0.0.1:1", { app: ctx.app, secret: old });
  const { person, cookie } = await signInAs(before.url, env.databaseUrl, "viewer");
  const begun = await pageAt(before.url).post("/api/auth/two-factor/enable", { password: PASSWORD }, { cookie });
  const authenticator = secretIn(JSON.parse(begun.text).totpURI);
  const verify = (at: string, code: string, jar: string) =>
    pageAt(at).post("/api/auth/two-factor/verify-totp", { code }, { cookie: jar });
  expect((await verify(before.url, codeAt(authenticator, Date.now() - 30_000), cookie)).status).toBe(200);

  const opened = async (secret: string, otherSecret?: string) => {
    const config = await configWith(secret, otherSecret);
    return [
      config.sources.get(source.id)?.config.auth,
      config.destinations.get(destination.id)?.config,
      config.transformations.get(transformation.id)?.env,
    ];
  };
  const all = [
    expect.objectContaining({ secret: "s-2" }),
    expect.objectContaining({ headers: { "x-token": "h-2" } }),
    { KEY: "e-2" },
  ];
  expect(await opened(old, NEW)).toEqual(all);
  expect(await opened(NEW, old)).toEqual(all);

  const said = await admin("secret rotate", NEW, old);
  expect(said).toContain(`the database belongs to ${fingerprintOf(NEW)} now`);
  expect(said).toContain(`left as they were: source ${lost.id}.`);
  // A process that has them the other way round still opens all.
  expect(await opened(old, NEW)).toEqual(all);
  expect(await opened(NEW)).toEqual(all);
  const versions = await world.all(
    "select transformation_id || ':' || version as id, secrets from transformation_version",
  );
  for (const { id, secrets } of versions as { id: string; secrets: string }[]) {
    expect(makeKeyring(NEW).open(secrets, secretsPlace("transformation_version", id))).toContain("e-2");
  }
  await expect(configWith(old)).rejects.toThrow("another SWITCHYARD_SECRET");
  expect(await admin("secret rotate", NEW, old)).toMatch(/^0 encrypted anew/);
  expect(await admin("secret show", NEW)).toBe(
    `the database belongs to  ${fingerprintOf(NEW)}\nSWITCHYARD_SECRET  ${fingerprintOf(NEW)}`,
  );

  await using after = await startFront("http://127.0.0.1:1", { app: ctx.app, secret: NEW });
  const half = await pageAt(after.url).post("/api/auth/sign-in/email", { email: person.email, password: PASSWORD });
  expect((await verify(after.url, codeAt(authenticator, Date.now()), jarOf(half))).status).toBe(200);
});
