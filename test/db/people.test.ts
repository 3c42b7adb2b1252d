// How a person gets in and out at the dashboard's port, and what they may do there, over real HTTP.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeOwnerLink } from "#server/auth/owner.ts";
import { runAdmin } from "#server/cli/admin-commands.ts";
import { parseEnv } from "#server/env.ts";
import { countTry, tryKey } from "#server/people/tries.ts";
import { countHashes } from "#test/support/counted-hashes.ts";
import { type FrontWorld, startFrontWorld } from "#test/support/front-world.ts";
import { addPerson, cookieOf, FROM_A_PAGE, PASSWORD, signInAs } from "#test/support/people.ts";
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

const admin = (...words: string[]) =>
  runAdmin({ db: world.ctx.app.db, env: parseEnv({}), now: new Date() }, { words, options: {} });

describe("a log-in", () => {
  test("sets a cookie that no script reads and no other site sends, for this host alone; Secure behind https", async () => {
    const person = await addPerson(world.env.databaseUrl, "viewer");
    const secured = async (headers: Record<string, string>) => {
      const answer = await page.post("/api/auth/sign-in/email", { ...person, password: PASSWORD }, headers);
      const [cookie = ""] = answer.cookies;
      return cookie;
    };
    const plain = await secured({});
    expect(plain).toMatch(/^switchyard\.session_token=[^;]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(await secured({ "x-forwarded-proto": "https" })).toMatch(/; Secure$/);
    const { host } = new URL(front.url);
    expect(await secured({ origin: `https://${host}` })).toMatch(/; Secure$/);
    // The session's token alone is kept, and opens nothing without its signature.
    const token = decodeURIComponent(/=([^;]+)/.exec(plain)?.[1] ?? "").split(".")[0] ?? "";
    expect(await world.all("select 1 from session where token = $1", [token])).toHaveLength(1);
    expect((await page.query("teams.list", { cookie: `switchyard.session_token=${token}` })).status).toBe(401);
    const forged = `${token}.${Buffer.alloc(32).toString("base64")}`;
    const cookie = `switchyard.session_token=${encodeURIComponent(forged)}`;
    expect((await page.query("teams.list", { cookie })).status).toBe(401);
  });

  test("says the same of a wrong password, an unknown address and a person without a password, after the same work", async () => {
    const person = await addPerson(world.env.databaseUrl, "viewer");
    const other = await addPerson(world.env.databaseUrl, "viewer");
    await world.all("delete from account where user_id = $1", [other.id]);
    const said = new Set<string>();
    for (const email of [person.email, other.email, "nobody@example.com"]) {
      const asked = { email, password: "wrong and long enough" };
      const { answer, hashes } = await countHashes(() => page.post("/api/auth/sign-in/email", asked));
      const { status, cookies } = answer;
      expect({ hashes, status, cookies }).toEqual({ hashes: 1, status: 401, cookies: [] });
      said.add(answer.text);
    }
    expect(said.size).toBe(1);
  });

  test("ends with the log-out, and with its session's row", async () => {
    const { cookie } = await signInAs(front.url, world.env.databaseUrl, "viewer");
    expect((await page.query("teams.list", { cookie })).status).toBe(200);
    expect((await page.post("/api/auth/sign-out", {}, { cookie })).status).toBe(200);
    expect((await page.query("teams.list", { cookie })).status).toBe(401);

    const second = await signInAs(front.url, world.env.databaseUrl, "viewer");
    await world.all("delete from session where user_id = $1", [second.person.id]);
    expect((await page.query("teams.list", { cookie: second.cookie })).status).toBe(401);
    const third = await signInAs(front.url, world.env.databaseUrl, "viewer");
    await world.all("update session set expires_at = now() - interval '1 second' where user_id = $1", [
      third.person.id,
    ]);
    expect((await page.query("teams.list", { cookie: third.cookie })).status).toBe(401);
  });
});

describe("a password", () => {
  test("is changed by who knows it, ends the other sessions, and that is on record", async () => {
    const { person, cookie } = await signInAs(front.url, world.env.databaseUrl, "viewer");
    const other = await cookieOf(front.url, person);
    const change = (currentPassword: string, newPassword = "another long one") =>
      page.post("/api/auth/change-password", { currentPassword, newPassword, revokeOtherSessions: true }, { cookie });
    expect((await change("wrong and long enough")).status).toBe(400);
    expect((await change(PASSWORD, "short")).status).toBe(400);
    expect((await change(PASSWORD)).status).toBe(200);
    expect((await page.query("teams.list", { cookie: other })).status).toBe(401);
    expect((await page.post("/api/auth/sign-in/email", { ...person, password: PASSWORD })).status).toBe(401);
    const entries = await world.all<{ after: string }>(
      "select after from audit_entry where actor_id = $1 and action = 'update'",
      [person.id],
    );
    expect(entries.map(({ after }) => JSON.parse(after))).toEqual([{ password: "changed" }]);
  });
});

describe("whoever guesses", () => {
  const guess = (email: string, from: string) =>
    page.post("/api/auth/sign-in/email", { email, password: "wrong and long enough" }, { "x-forwarded-for": from });

  test("has five tries a minute for an account, from wherever, and the account itself no more either", async () => {
    const person = await addPerson(world.env.databaseUrl, "viewer");
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await guess(person.email.toUpperCase(), `198.51.100.${i}`)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const right = await page.post("/api/auth/sign-in/email", { ...person, password: PASSWORD });
    expect([right.status, right.text]).toEqual([429, expect.stringContaining("wait 60 seconds")]);
    await world.all(
      "update sign_in_try set tried_at = array(select tried - interval '61 s' from unnest(tried_at) tried)",
    );
    expect((await page.post("/api/auth/sign-in/email", { ...person, password: PASSWORD })).status).toBe(200);
  });

  test("has five tries a minute from an address, and from all of an IPv6 /64", async () => {
    for (const [name, from] of [
      ["v4", () => "203.0.113.7"],
      ["v6", (i: number) => `2001:db8:1:2::${i + 1}`],
    ] as const) {
      const statuses = [];
      for (let i = 0; i < 6; i++) statuses.push((await guess(`${name}-${i}@example.com`, from(i))).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    }
    expect((await guess("other@example.com", "203.0.113.8")).status).toBe(401);
    expect((await guess("other@example.com", "2001:db8:1:3::1")).status).toBe(401);
  });

  test("gains nothing by asking at once, and a log-in that succeeds costs no try", async () => {
    const person = await addPerson(world.env.databaseUrl, "viewer");
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => guess(person.email, `198.51.100.${i}`).then(({ status }) => status)),
    );
    expect(answers.filter((status) => status === 401)).toHaveLength(5);
    await on.forgetTries();
    for (let i = 0; i < 7; i++) await cookieOf(front.url, person);
  });
});

test("a log-in that succeeds takes back its own try, and none that was made at the same moment", async () => {
  const at = new Date("2026-03-04T05:06:07.089Z");
  const app = { db: world.ctx.app.db, now: () => at };
  const keys = [tryKey("address", "192.0.2.1")];
  const [own] = [await countTry(app, keys), await countTry(app, keys), await countTry(app, keys)];
  if (own.kind === "allowed") await own.forgive();
  expect(await world.all("select tried_at from sign_in_try where key = any ($1)", [keys])).toEqual([
    { tried_at: [at, at] },
  ]);
});

describe("the port of the dashboard", () => {
  test("has those routes of the log-in that are in use, for pages of its own that send JSON, and no others", async () => {
    const all = ["get-session", "sign-up/email", "update-user", "delete-user", "list-sessions", "revoke-session", "ok"];
    const others = [...all, "change-email", "request-password-reset", "sign-in/social", "error", "account-info", ""];
    const { cookie } = await signInAs(front.url, world.env.databaseUrl, "owner");
    for (const path of [...others, "sign-in/email/", "Sign-In/email", "sign-in%2Femail", "./sign-out", "__proto__"]) {
      for (const method of ["GET", "POST"]) {
        const body = method === "POST" ? { body: "{}" } : {};
        const answer = await fetch(`${front.url}/api/auth/${path}`, {
          method,
          headers: { ...FROM_A_PAGE, cookie },
          ...body,
        });
        const isNormalised = path === "./sign-out";
        if (!isNormalised) expect([path, answer.status]).toEqual([path, 404]);
      }
    }
    expect((await fetch(`${front.url}/api/auth/sign-out`, { headers: FROM_A_PAGE })).status).toBe(405);
    const wrong: [Record<string, string>, number][] = [
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ "sec-fetch-site": "same-site" }, 403],
      [{ "sec-fetch-site": "none" }, 403],
      [{ origin: "http://evil.example" }, 403],
      [{ "content-type": "text/plain" }, 415],
      [{ "content-type": "application/json\ta" }, 415],
      [{ "content-type": "application/x-www-form-urlencoded" }, 415],
      [{ "content-encoding": "gzip" }, 415],
    ];
    const person = await addPerson(world.env.databaseUrl, "viewer");
    for (const [headers, status] of wrong) {
      const answer = await page.post("/api/auth/sign-in/email", { ...person, password: PASSWORD }, headers);
      expect([headers, answer.status, answer.cookies]).toEqual([headers, status, []]);
    }
    for (const body of [[], "x", null, 1]) expect((await page.post("/api/auth/sign-out", body)).status).toBe(400);
    const large = await page.post("/api/auth/sign-in/email", { ...person, password: "x".repeat(17_000) });
    expect(large.status).toBe(413);
  });

  test("lets a role do what it holds and nothing else: a viewer writes nothing", async () => {
    const viewer = await signInAs(front.url, world.env.databaseUrl, "viewer");
    const member = await signInAs(front.url, world.env.databaseUrl, "member");
    const input = { name: "made-by-a-person" };
    const refused = await page.mutate("sources.create", { cookie: viewer.cookie }, input);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("ask an admin of the team")]);
    expect((await page.mutate("sources.create", { cookie: member.cookie }, input)).status).toBe(200);
    const [entry] = await world.all("select actor_kind, actor_id from audit_entry where resource_kind = 'source'");
    expect(entry).toEqual({ actor_kind: "user", actor_id: member.person.id });
  });

  test("takes the team that a call names if the person is in it, else the remembered one, else their first", async () => {
    await world.all("insert into team (id, name) values ('tm_second', 'second'), ('tm_foreign', 'foreign')");
    const { person, cookie } = await signInAs(front.url, world.env.databaseUrl, "viewer");
    await world.all(
      "insert into member (team_id, user_id, role, created_at) values ('tm_second', $1, 'owner', now() + interval '1 minute')",
      [person.id],
    );
    const acts = async (headers: Record<string, string>) => {
      const { status, data } = await page.mutate("sources.create", { cookie, ...headers }, { name: "x" });
      return status === 200 ? data.team_id : status;
    };
    expect(await acts({})).toBe(403);
    expect(await acts({ "x-team-id": "tm_second" })).toBe("tm_second");
    expect(await acts({ "x-team-id": "tm_foreign" })).toBe(403);
    expect(await acts({ cookie: `${cookie}; switchyard.team=tm_foreign` })).toBe(403);
    await world.all("delete from source where team_id = 'tm_second'");
    expect(await acts({ cookie: `${cookie}; switchyard.team=tm_second` })).toBe("tm_second");
    await world.all("delete from member where user_id = $1", [person.id]);
    expect(await acts({ "x-team-id": "tm_second" })).toBe(401);
  });
});

describe("the link for a lost password", () => {
  test("ends what is signed in, sets one new password, signs in, and is good once", async () => {
    const { person, cookie } = await signInAs(front.url, world.env.databaseUrl, "viewer");
    const link = await admin("person", "reset", person.email.toUpperCase());
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/new-password\?token=[\w-]{43}$/);
    const token = new URL(link).searchParams.get("token");
    expect((await page.query("teams.list", { cookie })).status).toBe(401);
    expect(JSON.stringify(await world.all("select * from verification"))).not.toContain(token);
    const set = (password: string) => page.post("/api/auth/new-password", { token, password });
    expect((await set("short")).status).toBe(400);
    const answers = await Promise.all([set("another long one"), set("a second long one")]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    const made = answers.find(({ status }) => status === 200)?.cookies[0]?.split(";")[0] ?? "";
    expect((await page.query("teams.list", { cookie: made })).status).toBe(200);
    expect((await page.post("/api/auth/sign-in/email", { ...person, password: PASSWORD })).status).toBe(401);
    await expect(admin("person", "reset", "nobody@example.com")).rejects.toThrow(/Nobody has the address/);
  });
});

describe("the link of the first start", () => {
  const owner = { email: "Owner@Example.com", password: "long beats clever", team: "Northpier" };

  test("makes one owner, who is signed in, and nothing more; others of its kind end with it", async () => {
    await world.all("delete from member");
    const now = world.ctx.app.now();
    const [token, other] = [await makeOwnerLink(world.ctx.app.db, now), await makeOwnerLink(world.ctx.app.db, now)];
    expect((await page.post("/api/auth/first-run", { ...owner, token: "x".repeat(43) })).status).toBe(403);
    expect((await page.post("/api/auth/first-run", { ...owner, token, password: "short" })).status).toBe(400);
    const [one, two] = await Promise.all([
      page.post("/api/auth/first-run", { ...owner, token }),
      page.post("/api/auth/first-run", { ...owner, email: "thief@example.com", token }),
    ]);
    expect([one.status, two.status].toSorted()).toEqual([200, 403]);
    const made = one.status === 200 ? one : two;
    const cookie = made.cookies[0]?.split(";")[0] ?? "";
    expect((await page.query("teams.list", { cookie })).text).toContain("Northpier");
    expect(await world.all("select role from member where team_id = 'tm_default'")).toEqual([{ role: "owner" }]);
    for (const again of [token, other]) {
      await on.forgetTries();
      const answer = await page.post("/api/auth/first-run", { ...owner, email: "late@example.com", token: again });
      expect([answer.status, answer.cookies]).toEqual([403, []]);
    }
    expect(await makeOwnerLink(world.ctx.app.db, now)).toBeNull();
    expect(await world.all("select token_hash from owner_link where token_hash in ($1, $2)", [token, other])).toEqual(
      [],
    );
  });

  test("is good for a day", async () => {
    await world.all("delete from member");
    const token = await makeOwnerLink(world.ctx.app.db, new Date(Date.now() - 24 * 60 * 60 * 1000 - 1));
    expect((await page.post("/api/auth/first-run", { ...owner, token })).status).toBe(403);
  });

  test("comes again when the operator takes the team back: its owners are out, and everybody is signed out", async () => {
    const old = await signInAs(front.url, world.env.databaseUrl, "owner");
    const other = await signInAs(front.url, world.env.databaseUrl, "viewer");
    await expect(admin("owner", "link")).rejects.toThrow(/There is an owner already/);
    const said = await admin("owner", "reset");
    expect(said).toMatch(/^Owners taken out: \d+\. Sessions ended: \d+\. Make the new owner at http/);
    for (const { cookie } of [old, other]) expect((await page.query("teams.list", { cookie })).status).toBe(401);
    expect(await world.all("select 1 from member where role = 'owner' and team_id = 'tm_default'")).toEqual([]);
    const again = await cookieOf(front.url, old.person);
    expect((await page.query("teams.list", { cookie: again })).status).toBe(401);
    const token = new URL(said.split(" ").at(-1) ?? "").searchParams.get("token");
    const made = await page.post("/api/auth/first-run", { ...owner, email: "new-owner@example.com", token });
    expect(made.status).toBe(200);
  });
});
