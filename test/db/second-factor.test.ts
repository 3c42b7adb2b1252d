// A log-in with an authenticator, over real HTTP.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FrontWorld, startFrontWorld } from "#test/support/front-world.ts";
import { PASSWORD, type SignedIn, signInAs } from "#test/support/people.ts";
import { jarOf } from "#test/support/person-calls.ts";
import { codeAt, secretIn } from "#test/support/totp.ts";
import type { World } from "#test/support/world.ts";

let on: FrontWorld;
let world: World;
let front: FrontWorld["front"];
let page: FrontWorld["page"];
beforeAll(async () => {
  on = await startFrontWorld();
  ({ world, front, page } = on);
});
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => on.forgetTries());

const seesData = async (cookie: string) => (await page.query("teams.list", { cookie })).status === 200;

/** A person with an authenticator, signed in. */
async function withAuthenticator(): Promise<SignedIn & { secret: Buffer; codes: string[]; session: string }> {
  const signedIn = await signInAs(front.url, world.env.databaseUrl, "viewer");
  const { cookie } = signedIn;
  const begun = await page.post("/api/auth/two-factor/enable", { password: PASSWORD }, { cookie });
  const { totpURI, backupCodes } = JSON.parse(begun.text);
  const secret = secretIn(totpURI);
  const done = await page.post("/api/auth/two-factor/verify-totp", { code: codeAt(secret, Date.now()) }, { cookie });
  expect(done.status).toBe(200);
  await on.forgetTries();
  return { ...signedIn, secret, codes: backupCodes, session: jarOf(done) || cookie };
}
const password = ({ person }: SignedIn) => page.post("/api/auth/sign-in/email", { ...person, password: PASSWORD });
const code = (code: string, cookie: string) => page.post("/api/auth/two-factor/verify-totp", { code }, { cookie });

test("needs the code after the password, and no session is there before; a second log-in does not take the code again", async () => {
  const person = await withAuthenticator();
  const half = await password(person);
  expect([half.status, JSON.parse(half.text)]).toMatchObject([200, { twoFactorRedirect: true }]);
  const cookie = jarOf(half);
  expect(await seesData(cookie)).toBe(false);
  expect((await page.post("/api/auth/accept-invitation", { token: "x" }, { cookie })).status).toBe(403);
  expect((await page.post("/api/auth/change-password", {}, { cookie })).status).toBeGreaterThan(399);
  const typed = codeAt(person.secret, Date.now());
  const whole = await code(typed, cookie);
  expect(whole.status).toBe(200);
  expect(await seesData(jarOf(whole))).toBe(true);
  // What was half is used up with it.
  expect((await code(codeAt(person.secret, Date.now() + 30_000), cookie)).status).toBe(401);

  const again = jarOf(await password(person));
  const seen = await code(typed, again);
  expect([seen.status, await seesData(jarOf(seen))]).toEqual([401, false]);
  const third = jarOf(await password(person));
  expect((await code(codeAt(person.secret, Date.now() + 30_000), third)).status).toBe(200);
});

test("is asked for at every log-in: no browser gets to be trusted without it", async () => {
  const person = await withAuthenticator();
  const half = jarOf(await password(person));
  const body = { code: codeAt(person.secret, Date.now()), trustDevice: true };
  const whole = await page.post("/api/auth/two-factor/verify-totp", body, { cookie: half });
  expect([whole.status, whole.cookies.filter((cookie) => /trust/.test(cookie))]).toEqual([200, []]);
  const again = await page.post(
    "/api/auth/sign-in/email",
    { ...person.person, password: PASSWORD },
    { cookie: jarOf(whole) },
  );
  expect(JSON.parse(again.text)).toMatchObject({ twoFactorRedirect: true });
});

test("takes a code of the paper once", async () => {
  const person = await withAuthenticator();
  const [paper = ""] = person.codes;
  const use = async () => {
    const cookie = jarOf(await password(person));
    return page.post("/api/auth/two-factor/verify-backup-code", { code: paper }, { cookie });
  };
  const first = await use();
  expect(await seesData(jarOf(first))).toBe(true);
  expect((await use()).status).toBe(401);
});

test("is closed after five wrong codes, for as long as a guesser needs to lose interest, whatever he begins anew", async () => {
  const person = await withAuthenticator();
  const guess = async () => {
    await on.forgetTries();
    const cookie = jarOf(await password(person));
    return (await code("000000", cookie)).status;
  };
  for (let i = 0; i < 5; i++) expect(await guess()).toBe(401);
  expect(await guess()).toBe(429);
  await on.forgetTries();
  const cookie = jarOf(await password(person));
  expect((await code(codeAt(person.secret, Date.now()), cookie)).status).toBe(429);
  // Who is signed in goes on.
  expect(await seesData(person.session)).toBe(true);
});

test("counts guesses like those of passwords, by address and by log-in", async () => {
  const person = await withAuthenticator();
  const cookie = jarOf(await password(person));
  await on.forgetTries();
  const statuses = [];
  for (let i = 0; i < 6; i++) statuses.push((await code("00000", `junk=${i}; ${cookie}`)).status);
  expect(statuses.at(-1)).toBe(429);
});

test("is turned off with the password alone, and its secrets are kept encrypted", async () => {
  const person = await withAuthenticator();
  const stored = JSON.stringify(await world.all("select * from two_factor where user_id = $1", [person.person.id]));
  for (const secret of [person.secret.toString("latin1"), ...person.codes]) expect(stored).not.toContain(secret);
  const off = (body: object) => page.post("/api/auth/two-factor/disable", body, { cookie: person.session });
  expect((await off({ password: "wrong and long enough" })).status).toBe(400);
  const account = async () => (await page.query("account.get", { cookie: person.session })).data;
  expect(await account()).toMatchObject({ email: person.person.email, has_password: true, has_second_factor: true });
  const done = await off({ password: PASSWORD });
  expect(done.status).toBe(200);
  expect(await seesData(jarOf(await password(person)))).toBe(true);
  const log = await world.all<{ after: string }>(
    "select after from audit_entry where actor_id = $1 and action = 'update' order by seq",
    [person.person.id],
  );
  expect(log.map(({ after }) => JSON.parse(after))).toEqual([{ second_factor: true }, { second_factor: false }]);
});
