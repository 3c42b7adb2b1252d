// Passkeys, over real HTTP with an authenticator in software.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makePasswordLink } from "#server/auth/password-link.ts";
import { relyingPartyOf } from "#server/auth/relying-party.ts";
import { makeAuthenticator } from "#test/support/authenticator.ts";
import { type FrontWorld, startFrontWorld } from "#test/support/front-world.ts";
import { addPerson, PASSWORD, type SignedIn, signInAs } from "#test/support/people.ts";
import { jarOf, type PageAnswer } from "#test/support/person-calls.ts";
import { codeAt, secretIn } from "#test/support/totp.ts";
import type { World } from "#test/support/world.ts";

let on: FrontWorld;
let world: World;
let front: FrontWorld["front"];
let page: FrontWorld["page"];
let here: { origin: string; rpId: string };
beforeAll(async () => {
  on = await startFrontWorld();
  ({ world, front, page } = on);
  const { publicDashboardUrl: origin } = world.env;
  here = { origin, rpId: new URL(origin).hostname };
});
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => on.forgetTries());

const call = (path: string, body: object = {}, cookie = "") =>
  page.post(`/api/auth/passkey/${path}`, body, cookie ? { cookie } : {});
const said = ({ text }: PageAnswer) => JSON.parse(text);
const accountOf = async (cookie: string) => (await page.query("account.get", { cookie })).data;
const begin = async ({ cookie }: Pick<SignedIn, "cookie">) => said(await call("begin", { password: PASSWORD }, cookie));
const signInOptions = async () => said(await call("sign-in-options"));

/** Somebody with a passkey. */
async function withPasskey() {
  const signedIn = await signInAs(front.url, world.env.databaseUrl, "viewer");
  const authenticator = makeAuthenticator();
  const credential = authenticator.make(await begin(signedIn), here);
  const added = await call("add", { name: "laptop", credential }, signedIn.cookie);
  expect(added.status).toBe(200);
  return { ...signedIn, authenticator, id: said(added).id as string };
}

describe("a passkey", () => {
  test("lets its person in without an address and without a code, and notes its use", async () => {
    const { person, cookie, authenticator } = await withPasskey();
    const begun = said(await page.post("/api/auth/two-factor/enable", { password: PASSWORD }, { cookie }));
    const code = codeAt(secretIn(begun.totpURI), Date.now());
    expect((await page.post("/api/auth/two-factor/verify-totp", { code }, { cookie })).status).toBe(200);

    const options = await signInOptions();
    expect(options).toMatchObject({ rpId: here.rpId, userVerification: "required" });
    expect(options.allowCredentials ?? []).toEqual([]);
    const answer = await call("sign-in", { credential: authenticator.show(options, here) });
    expect(answer.status).toBe(200);
    expect(answer.cookies[0]).toMatch(/; HttpOnly; SameSite=Lax$/);
    const account = await accountOf(jarOf(answer));
    expect(account).toMatchObject({ email: person.email, has_second_factor: true });
    expect(account.passkeys).toEqual([
      expect.objectContaining({ name: "laptop", last_used_at: expect.stringMatching(/^20/) }),
    ]);
  });

  test("is added after the password was given again, for the person whose page asked, and once", async () => {
    const one = await signInAs(front.url, world.env.databaseUrl, "viewer");
    const other = await signInAs(front.url, world.env.databaseUrl, "viewer");
    expect((await call("begin", { password: "wrong and long enough" }, one.cookie)).status).toBe(400);
    expect((await call("begin", {}, one.cookie)).status).toBe(400);
    expect((await call("begin", { password: PASSWORD })).status).toBe(401);

    await on.forgetTries();
    const authenticator = makeAuthenticator();
    const options = await begin(one);
    expect(options).toMatchObject({
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    const credential = authenticator.make(options, here);
    expect((await call("add", { name: "theirs", credential }, other.cookie)).status).toBe(400);
    expect((await call("add", { name: " ", credential }, one.cookie)).status).toBe(400);
    expect((await call("add", { name: "mine", credential }, one.cookie)).status).toBe(200);
    expect((await call("add", { name: "again", credential }, one.cookie)).status).toBe(400);
    await on.forgetTries();
    // Another person cannot take the same key over.
    const taken = authenticator.make(await begin(other), here);
    expect((await call("add", { name: "taken", credential: taken }, other.cookie)).status).toBe(400);
    expect((await accountOf(one.cookie)).passkeys).toHaveLength(1);
    expect((await accountOf(other.cookie)).passkeys).toEqual([]);
    expect((await begin(one)).excludeCredentials).toEqual([expect.objectContaining({ id: credential.id })]);
  });

  test.each([
    ["of another page", { origin: "https://evil.example" }],
    ["of another name", { rpId: "evil.example" }],
    ["whose person was not asked for a finger or a PIN", { isVerified: false }],
  ])("%s is neither added nor taken", async (_, wrong) => {
    const signedIn = await signInAs(front.url, world.env.databaseUrl, "viewer");
    const bad = makeAuthenticator().make(await begin(signedIn), { ...here, ...wrong });
    expect((await call("add", { name: "bad", credential: bad }, signedIn.cookie)).status).toBe(400);
    const { authenticator } = await withPasskey();
    const answer = await call("sign-in", {
      credential: authenticator.show(await signInOptions(), { ...here, ...wrong }),
    });
    expect([answer.status, answer.cookies]).toEqual([401, []]);
  });

  test("is removed by its person after the password, and lets nobody in any more", async () => {
    const one = await withPasskey();
    const other = await withPasskey();
    const remove = (id: string, password: string) => call("remove", { id, password }, one.cookie);
    expect((await remove(one.id, "wrong and long enough")).status).toBe(400);
    expect((await remove(other.id, PASSWORD)).status).toBe(404);
    expect((await remove(one.id, PASSWORD)).status).toBe(200);
    const shown = async ({ authenticator }: typeof one) =>
      (await call("sign-in", { credential: authenticator.show(await signInOptions(), here) })).status;
    expect([await shown(one), await shown(other)]).toEqual([401, 200]);
  });

  test("gets another name from its person alone, which is checked and in the audit log", async () => {
    const [one, other] = [await withPasskey(), await withPasskey()];
    const rename = (id: string, name: string, cookie = one.cookie) => call("rename", { id, name }, cookie);
    expect((await rename(other.id, "mine now")).status).toBe(404);
    expect((await rename(one.id, "mine now", "")).status).toBe(401);
    expect(said(await rename(one.id, "  ")).message).toContain("Give the passkey a name.");
    expect((await rename(one.id, "x".repeat(101))).status).toBe(400);
    for (const name of ["nul\u0000", "half \ud800"]) {
      const answer = await rename(one.id, name);
      expect([answer.status, said(answer).message]).toEqual([400, expect.stringContaining("Leave out")]);
    }
    expect((await rename(one.id, " phone ")).status).toBe(200);
    expect((await accountOf(one.cookie)).passkeys).toMatchObject([{ name: "phone" }]);
    const renamed = "select before, after from audit_entry where resource_id = $1 and action = 'update'";
    const noted = [{ before: '{"name":"laptop"}', after: '{"name":"phone"}' }];
    expect(await world.all(renamed, [one.id])).toEqual(noted);
  });

  test("that two devices hold is told by its counter, and refused", async () => {
    const { authenticator } = await withPasskey();
    const use = async (counter: number) =>
      (await call("sign-in", { credential: authenticator.show(await signInOptions(), { ...here, counter }) })).status;
    expect([await use(5), await use(6), await use(6), await use(3), await use(7)]).toEqual([200, 200, 401, 401, 200]);
  });

  test("is one of twenty at most, however many were begun before", async () => {
    const signedIn = await signInAs(front.url, world.env.databaseUrl, "viewer");
    await world.all(
      `insert into passkey (id, user_id, credential_id, public_key, counter, transports, is_backed_up, name, created_at)
       select 'pky_' || n, $1, 'full-' || n, '', 0, '{}', false, 'key', now() from generate_series(1, 19) as n`,
      [signedIn.person.id],
    );
    const made = [];
    for (const options of [await begin(signedIn), await begin(signedIn)])
      made.push(makeAuthenticator().make(options, here));
    const answers = [];
    for (const credential of made)
      answers.push((await call("add", { name: "one more", credential }, signedIn.cookie)).status);
    expect(answers).toEqual([200, 403]);
  });

  test("goes with a lost password: whoever had the account may have added one", async () => {
    const { person, authenticator } = await withPasskey();
    await makePasswordLink(world.ctx.app.db, person.email, new Date());
    expect((await call("sign-in", { credential: authenticator.show(await signInOptions(), here) })).status).toBe(401);
    const log = await world.all<{ actor_kind: string; before: string; after: string }>(
      "select actor_kind, before, after from audit_entry where resource_id = $1 order by seq desc limit 1",
      [person.id],
    );
    expect(
      log.map(({ before, after, ...entry }) => ({ ...entry, before: JSON.parse(before), after: JSON.parse(after) })),
    ).toEqual([
      {
        actor_kind: "system",
        before: { sessions: 1, passkeys: 1 },
        after: { second_factor: false, sessions: 0, passkeys: 0 },
      },
    ]);
  });

  test("of somebody without a password asks for a log-in of the last minutes", async () => {
    const signedIn = await signInAs(front.url, world.env.databaseUrl, "viewer");
    await world.all("delete from account where user_id = $1", [signedIn.person.id]);
    expect((await call("begin", {}, signedIn.cookie)).status).toBe(200);
    await world.all("update session set created_at = now() - interval '11 minutes' where user_id = $1", [
      signedIn.person.id,
    ]);
    const late = await call("begin", {}, signedIn.cookie);
    expect([late.status, late.text]).toEqual([403, expect.stringContaining("sign out and in again")]);
  });
});

describe("what an authenticator signs", () => {
  test("is taken once, of two at once too, and leaves no row before it is used", async () => {
    const { authenticator } = await withPasskey();
    const before = await world.all("select 1 from sign_in_try");
    const options = await signInOptions();
    expect(await world.all("select 1 from sign_in_try")).toHaveLength(before.length);
    const credential = authenticator.show(options, here);
    const answers = await Promise.all(Array.from({ length: 4 }, () => call("sign-in", { credential })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  });

  test("is of the last five minutes, made here, and for a log-in", async () => {
    const { cookie, authenticator } = await withPasskey();
    const shows = async (challenge: string) =>
      (await call("sign-in", { credential: authenticator.show({ challenge }, here) })).status;
    const { challenge } = await signInOptions();
    const forged = Buffer.from(challenge, "base64url");
    forged.writeUInt8((forged[0] ?? 0) ^ 1, 0);
    expect(await shows(forged.toString("base64url"))).toBe(401);
    expect(await shows("")).toBe(401);
    expect(await shows((await begin({ cookie })).challenge)).toBe(401);
    expect(await shows(challenge)).toBe(200);
  });
});

describe("whoever guesses at passkeys", () => {
  test("hears the same of a key that is not known, of a wrong signature and of another person's name", async () => {
    const { authenticator } = await withPasskey();
    const stranger = makeAuthenticator();
    const right = authenticator.show(await signInOptions(), here);
    const wrong = { ...right, response: { ...right.response, signature: "AAAA" } };
    const named = { ...right, response: { ...right.response, userHandle: Buffer.from("usr_x").toString("base64url") } };
    const unknown = stranger.show(await signInOptions(), here);
    const known = { ...unknown, response: { ...unknown.response, userHandle: right.response.userHandle } };
    const answers = [];
    for (const credential of [wrong, named, known]) answers.push(await call("sign-in", { credential }));
    expect(answers.map(({ status, text }) => ({ status, text }))).toEqual(
      Array(3).fill({ status: 401, text: answers[0]?.text }),
    );
    await on.forgetTries();
    for (const credential of [undefined, {}, { ...right, response: {} }, { ...right, id: "a".repeat(2_000) }])
      expect((await call("sign-in", { credential })).status).toBe(400);
  });

  test("has five tries a minute from an address", async () => {
    const { authenticator } = await withPasskey();
    const statuses = [];
    for (let i = 0; i < 6; i++) {
      const shown = authenticator.show(await signInOptions(), { ...here, origin: "https://evil.example" });
      statuses.push((await call("sign-in", { credential: shown })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});

test("browsers keep passkeys for a name behind https and for this machine, so elsewhere none are offered", () => {
  expect(relyingPartyOf("https://hooks.example.com")).toEqual({
    id: "hooks.example.com",
    origin: "https://hooks.example.com",
  });
  expect(relyingPartyOf("http://localhost:3000")).toEqual({ id: "localhost", origin: "http://localhost:3000" });
  for (const url of ["http://hooks.example.com", "http://127.0.0.1:3000", "https://192.0.2.1", "https://[2001:db8::1]"])
    expect(relyingPartyOf(url)).toBeNull();
});

test("each way in, each way out and each refusal is in the audit log of all teams of the person, without a secret", async () => {
  const { person, cookie, authenticator, id } = await withPasskey();
  await world.all("insert into team (id, name) values ('tm_also', 'also') on conflict do nothing");
  await world.all("insert into member (team_id, user_id, role) values ('tm_also', $1, 'viewer')", [person.id]);
  const log = () =>
    world.all<{ action: string; resource_kind: string; actor_kind: string; after: string | null }>(
      "select action, resource_kind, actor_kind, after from audit_entry where team_id = 'tm_also' order by seq",
    );
  const shown = authenticator.show(await signInOptions(), here);
  const inAgain = await call("sign-in", { credential: shown });
  await page.post("/api/auth/sign-in/email", { email: person.email, password: "wrong and long enough" });
  await expect.poll(async () => (await log()).length).toBe(2);
  await page.post("/api/auth/sign-in/email", { email: person.email, password: "wrong, and the log says it once" });
  await page.post("/api/auth/sign-in/email", { email: person.email, password: PASSWORD });
  await page.post("/api/auth/sign-out", {}, { cookie: jarOf(inAgain) });
  await call("remove", { id, password: PASSWORD }, cookie);
  await page.mutate("sessions.revokeOthers", { cookie });
  const entries = await log();
  expect(entries.map(({ action, resource_kind, actor_kind }) => [action, resource_kind, actor_kind])).toEqual([
    ["sign_in", "session", "user"],
    ["sign_in_failed", "user", "system"],
    ["sign_in", "session", "user"],
    ["sign_out", "session", "user"],
    ["delete", "passkey", "user"],
    ["revoke", "user", "user"],
  ]);
  expect(entries.map(({ after }) => JSON.parse(after ?? "{}").by)).toEqual([
    "passkey",
    undefined,
    "password",
    ...Array(3).fill(undefined),
  ]);
  const stored = JSON.stringify(entries);
  for (const secret of [PASSWORD, "wrong and long enough", shown.response.signature])
    expect(stored).not.toContain(secret);
  // A half log-in is none, and nobody learns of an address that is not there.
  const stranger = await addPerson(world.env.databaseUrl, null);
  expect(
    (await page.post("/api/auth/sign-in/email", { email: stranger.email, password: "wrong and long" })).status,
  ).toBe(401);
});
