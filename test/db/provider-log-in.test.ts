// The company's own log-in, over real HTTP with a real provider.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { admitProviderPerson } from "#server/auth/provider-person.ts";
import { startFront } from "#test/support/front.ts";
import { type FrontWorld, startFrontWorld } from "#test/support/front-world.ts";
import { CLIENT, type LoginProviderServer, startLoginProvider } from "#test/support/login-provider.ts";
import { addPerson, cookieOf, PASSWORD, signInAs } from "#test/support/people.ts";
import { jarOf, type PageAnswer, pageAt } from "#test/support/person-calls.ts";
import { createWorld, type World } from "#test/support/world.ts";

let on: FrontWorld;
let world: World;
let front: FrontWorld["front"];
let page: FrontWorld["page"];
let provider: LoginProviderServer;
const settings = { name: "Acme login", domains: ["acme.example"], role: "member" as const };
beforeAll(async () => {
  on = await startFrontWorld(async ({ env }) => {
    provider = await startLoginProvider(`${env.publicDashboardUrl}/signed-in`);
    return { issuer: provider.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, ...settings };
  });
  ({ world, front, page } = on);
});
afterAll(async () => {
  await on?.[Symbol.asyncDispose]();
  await provider?.[Symbol.asyncDispose]();
});
beforeEach(() => on.forgetTries());

const said = ({ text }: PageAnswer) => JSON.parse(text);
const begin = (next?: string) => page.post("/api/auth/oidc/begin", next === undefined ? {} : { next });
const finish = (search: string, cookie: string) => page.post("/api/auth/oidc/sign-in", { search }, { cookie });

/** Through the provider and back. */
async function logIn(next?: string): Promise<PageAnswer> {
  const begun = await begin(next);
  const back = await provider.follow(said(begun).url);
  return finish(back.search, jarOf(begun));
}
const accountOf = async (cookie: string) => (await page.query("account.get", { cookie })).data;
const teamsOf = async (cookie: string) => (await page.query("teams.list", { cookie })).data.data;
const rolesOf = (email: string) =>
  world.all('select team_id, role from member join "user" on id = user_id where email = $1 order by team_id', [email]);

describe("a log-in by the provider", () => {
  test("asks with PKCE, state and nonce, keeps the answer's keys in a signed cookie, and gives a session", async () => {
    const person = await addPerson(world.env.databaseUrl, "viewer");
    await world.all('update "user" set email_verified = true where id = $1', [person.id]);
    provider.becomes({ subject: "known", email: person.email.toUpperCase() });
    const begun = await begin("/events?status=FAILED");
    const url = new URL(said(begun).url);
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: CLIENT.id,
      response_type: "code",
      scope: "openid email",
      redirect_uri: `${world.env.publicDashboardUrl}/signed-in`,
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{20,}$/),
      nonce: expect.stringMatching(/^[\w-]{20,}$/),
    });
    expect(begun.cookies).toEqual([
      expect.stringMatching(/^switchyard\.provider_log_in=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const back = await provider.follow(url.href);
    const answer = await finish(back.search, jarOf(begun));
    expect([answer.status, said(answer)]).toEqual([200, { next: "/events?status=FAILED" }]);
    expect(await accountOf(jarOf(answer))).toMatchObject({ email: person.email, has_password: true });
    expect(await teamsOf(jarOf(answer))).toHaveLength(1);

    // The account stays theirs when the address at the provider changes, and by the provider's own name for them alone.
    provider.becomes({ subject: "known", email: "renamed@elsewhere.example" });
    expect((await accountOf(jarOf(await logIn()))).email).toBe(person.email);
    const log = await world.all<{ action: string; after: string }>(
      "select action, after from audit_entry where resource_id = $1 or actor_id = $1 order by seq",
      [person.id],
    );
    expect(log.map(({ action }) => action)).toEqual(["update", "sign_in", "sign_in"]);
    expect(JSON.parse(log[0]?.after ?? "")).toEqual({ log_in_provider: provider.issuer });
    expect(JSON.parse(log[1]?.after ?? "")).toMatchObject({ by: "log-in provider" });
    // Nothing that the provider handed out is kept.
    expect(
      await world.all("select 1 from account where coalesce(access_token, refresh_token, id_token) is not null"),
    ).toEqual([]);
  });

  test("is for the browser that began it, once, and only as it was begun", async () => {
    const person = await addPerson(world.env.databaseUrl, "viewer");
    provider.becomes({ subject: "once", email: person.email });
    const begun = await begin();
    const other = await begin();
    const { search } = await provider.follow(said(begun).url);
    const refused = [
      await finish(search, ""),
      await finish(search, jarOf(other)),
      await finish(search, `${jarOf(begun)}x`),
      await finish(search.replace(/state=[^&]+/, "state=mine"), jarOf(begun)),
      await finish(search.replace(/iss=[^&]+/, "iss=https%3A%2F%2Fevil.example"), jarOf(begun)),
    ];
    for (const answer of refused) {
      expect([answer.status, answer.text]).toEqual([401, expect.stringContaining("This log-in did not hold")]);
      expect(answer.cookies.filter((cookie) => cookie.includes("session_token"))).toEqual([]);
    }
    await on.forgetTries();
    expect((await finish("?error=access_denied", jarOf(begun))).status).toBe(401);
    expect((await finish(search, jarOf(begun))).status).toBe(200);
    expect((await finish(search, jarOf(begun))).status).toBe(401);
  });
});

describe("who comes in", () => {
  test("is invited under the address that the provider has verified, and gets the role of the invitation", async () => {
    const owner = await signInAs(front.url, world.env.databaseUrl, "owner");
    const invited = { email: "invited@elsewhere.example", role: "admin" };
    expect((await page.mutate("invitations.create", { cookie: owner.cookie }, invited)).status).toBe(200);
    provider.becomes({ subject: "invited", email: invited.email, isVerified: false });
    const unverified = await logIn();
    expect([unverified.status, unverified.text]).toEqual([403, expect.stringContaining("has not verified")]);
    provider.becomes({ subject: "invited", email: invited.email });
    expect((await logIn()).status).toBe(200);
    expect(await rolesOf(invited.email)).toEqual([{ team_id: "tm_default", role: "admin" }]);
    expect(await world.all("select 1 from invitation where accepted_at is null")).toEqual([]);
  });

  test("is let in alone: who set a password under their address before it was verified gets in no more", async () => {
    await world.ctx.app.db.team.create({ data: { id: "tm_theirs", name: "Theirs" } });
    const admin = await signInAs(front.url, world.env.databaseUrl, "admin", "tm_theirs");
    const email = "victim@elsewhere.example";
    const made = await page.mutate("invitations.create", { cookie: admin.cookie }, { email, role: "viewer" });
    const token = made.data.path.split("/").at(-1);
    const taken = await page.post("/api/auth/accept-invitation", { token, password: PASSWORD });
    expect(taken.status).toBe(200);
    const session = jarOf(taken);
    expect((await accountOf(session)).email).toBe(email);
    const owner = await signInAs(front.url, world.env.databaseUrl, "owner");
    await page.mutate("invitations.create", { cookie: owner.cookie }, { email, role: "admin" });

    provider.becomes({ subject: "victim", email });
    const answer = await logIn();
    expect(await teamsOf(jarOf(answer))).toHaveLength(2);
    expect(await accountOf(jarOf(answer))).toMatchObject({ email, has_password: false });
    expect(await accountOf(session)).toBeUndefined();
    await expect(cookieOf(front.url, { email })).rejects.toThrow("401");
    await on.forgetTries();
    expect((await logIn()).status).toBe(200);
  });

  test("is of a domain that the operator named, with the role that goes with it, once removed no more", async () => {
    const email = "new@acme.example";
    provider.becomes({ subject: "of-domain", email });
    const answer = await logIn();
    expect(await rolesOf(email)).toEqual([{ team_id: "tm_default", role: "member" }]);
    expect((await accountOf(jarOf(answer))).has_password).toBe(false);
    await world.all('delete from member where user_id = (select id from "user" where email = $1)', [email]);
    expect((await logIn()).status).toBe(200);
    expect(await rolesOf(email)).toEqual([]);
  });

  test.each(["x@elsewhere.example", "x@acme.example.evil.example", "x@notacme.example", "x@sub.acme.example"])(
    "is not %s, whom nobody knows",
    async (email) => {
      provider.becomes({ subject: email, email });
      const answer = await logIn();
      expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("Nobody invited you")]);
      expect(await world.all('select 1 from "user" where email = $1', [email])).toEqual([]);
    },
  );

  test("is nobody that another person of the provider was, whose address they have got", async () => {
    const email = "handed-on@acme.example";
    provider.becomes({ subject: "first-holder", email });
    expect((await logIn()).status).toBe(200);
    provider.becomes({ subject: "second-holder", email });
    expect((await logIn()).status).toBe(403);
    provider.becomes({ subject: "first-holder", email });
    expect((await logIn()).status).toBe(200);
  });

  test("is one person, though two tabs come at once", async () => {
    const email = "twice@acme.example";
    const person = { issuer: provider.issuer, subject: "twice", email };
    const admission = { domains: ["acme.example"], role: "viewer" as const };
    const admit = () => admitProviderPerson(world.ctx.app.db, person, admission, new Date());
    const admitted = await Promise.all(Array.from({ length: 4 }, admit));
    expect(new Set(admitted.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(await rolesOf(email)).toHaveLength(1);
  });
});

test("a provider that may not be reached is none: the guard of deliveries holds for it too", async () => {
  await using closed = await createWorld({ egressAllow: "" });
  const before = provider.asked.length;
  const loginProvider = {
    issuer: provider.issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    name: "Acme login",
    domains: [],
    role: "viewer" as const,
  };
  const logged: string[] = [];
  await using guarded = await startFront("http://127.0.0.1:1", { app: closed.ctx.app, loginProvider, logged });
  const answer = await pageAt(guarded.url).post("/api/auth/oidc/begin", {});
  expect([answer.status, answer.text]).toEqual([503, expect.stringContaining("did not answer")]);
  expect(provider.asked.length).toBe(before);
  expect(logged.join("")).toContain("BLOCKED_ADDRESS");
  expect(logged.join("")).not.toContain(CLIENT.secret);
});

test("an installation without a provider says so", async () => {
  await using plain = await startFront("http://127.0.0.1:1", { app: world.ctx.app });
  for (const [path, body] of [
    ["begin", {}],
    ["sign-in", { search: "?code=x" }],
  ] as const)
    expect((await pageAt(plain.url).post(`/api/auth/oidc/${path}`, body)).status).toBe(404);
});
