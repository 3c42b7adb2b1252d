// The people of a team: who may make whom what, how somebody comes in, and how they go; over real HTTP.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Role } from "#server/contracts/capability.ts";
import type { Member } from "#server/contracts/member.ts";
import { newId } from "#server/ids.ts";
import { type FrontWorld, startFrontWorld } from "#test/support/front-world.ts";
import { addPerson, cookieOf, signInAs, type TestPerson } from "#test/support/people.ts";
import { PERSONAL_OPERATIONS } from "#test/support/personal-operations.ts";
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

interface Insider {
  person: TestPerson;
  cookie: string;
}

/** A team of its own with one person of each of these roles, signed in. */
async function makeTeam<R extends Role>(...roles: R[]): Promise<Record<R, Insider> & { id: string }> {
  const id = newId("team");
  await world.all("insert into team (id, name) values ($1, 'Northpier')", [id]);
  const people: Partial<Record<R, Insider>> = {};
  for (const role of roles) people[role] = await signInAs(front.url, world.env.databaseUrl, role, id);
  return { id, ...(people as Record<R, Insider>) };
}
const roleIn = async (teamId: string, { id }: { id: string }) =>
  (await world.all<{ role: string }>("select role from member where team_id = $1 and user_id = $2", [teamId, id]))[0]
    ?.role;

describe("roles", () => {
  test("are listed for everybody in the team, and nobody else's people are", async () => {
    const ours = await makeTeam("owner", "viewer");
    await makeTeam("owner");
    const { data } = await page.query("members.list", { cookie: ours.viewer.cookie });
    expect(data.data.map((each: { email: string; is_you: boolean }) => [each.email, each.is_you])).toEqual([
      [ours.owner.person.email, false],
      [ours.viewer.person.email, true],
    ]);
    expect(JSON.stringify(data)).not.toMatch(/password|token/);
  });

  test("come with how each person gets in for whoever may manage members, and for nobody else", async () => {
    const team = await makeTeam("owner", "admin", "member");
    await world.all('update "user" set two_factor_enabled = true where id = $1', [team.owner.person.id]);
    await world.all(
      `insert into passkey (id, user_id, credential_id, public_key, counter, transports, is_backed_up, name, created_at)
       values ('pky_' || $1, $1, 'of-' || $1, '', 0, '{}', false, 'laptop', now())`,
      [team.owner.person.id],
    );
    await world.all(
      "insert into account (id, user_id, provider_id, account_id) values ('acc_' || $1, $1, 'oidc', $1)",
      [team.member.person.id],
    );
    const waysFor = async ({ cookie }: Insider) =>
      (await page.query("members.list", { cookie })).data.data.map((each: Member) => each.signs_in_with);
    expect(await waysFor(team.admin)).toEqual([
      ["passkey", "password_and_code"],
      ["password"],
      ["provider", "password"],
    ]);
    expect(await waysFor(team.member)).toEqual([null, null, null]);
  });

  test("are given by admins, but for owners, whom owners alone make and unmake", async () => {
    const team = await makeTeam("owner", "admin", "member", "viewer");
    const set = async (by: Insider, whom: Insider, role: Role) =>
      (await page.mutate("members.update", { cookie: by.cookie }, { id: whom.person.id, role })).status;
    expect(await set(team.admin, team.viewer, "member")).toBe(200);
    expect(await set(team.member, team.viewer, "admin")).toBe(403);
    expect(await set(team.admin, team.admin, "owner")).toBe(403);
    expect(await set(team.admin, team.owner, "viewer")).toBe(403);
    expect(
      (await page.mutate("members.remove", { cookie: team.admin.cookie }, { id: team.owner.person.id })).status,
    ).toBe(403);
    expect(await set(team.owner, team.admin, "owner")).toBe(200);
    expect(await set(team.admin, team.owner, "viewer")).toBe(200);
    const foreign = await makeTeam("owner");
    expect(await set(foreign.owner, team.viewer, "admin")).toBe(404);
  });

  test("leave a team its last owner, also when two unmake each other at once", async () => {
    const team = await makeTeam("owner", "admin");
    const { owner, admin } = team;
    const unmake = (by: Insider, whom: Insider) =>
      page.mutate("members.update", { cookie: by.cookie }, { id: whom.person.id, role: "viewer" });
    const alone = await unmake(owner, owner);
    expect([alone.status, alone.text]).toEqual([409, expect.stringContaining("no owner left")]);
    expect((await page.mutate("members.leave", { cookie: owner.cookie })).status).toBe(409);
    await page.mutate("members.update", { cookie: owner.cookie }, { id: admin.person.id, role: "owner" });
    await Promise.all([unmake(owner, admin), unmake(admin, owner)]);
    expect(await world.all("select role from member where team_id = $1 and role = 'owner'", [team.id])).toHaveLength(1);
  });

  test("count from the next call on: who is removed, demoted or gone does nothing more", async () => {
    const team = await makeTeam("owner", "admin", "member");
    const make = async ({ cookie }: Insider) => (await page.mutate("sources.create", { cookie }, { name: "x" })).status;
    await page.mutate("members.update", { cookie: team.owner.cookie }, { id: team.member.person.id, role: "viewer" });
    expect(await make(team.member)).toBe(403);
    const invited = await page.mutate(
      "invitations.create",
      { cookie: team.admin.cookie },
      { email: "late@example.com", role: "admin" },
    );
    await page.mutate("members.remove", { cookie: team.owner.cookie }, { id: team.admin.person.id });
    expect(await make(team.admin)).toBe(401);
    // What somebody opened for others by a right that they lost is closed.
    const token = invited.data.path.split("/").at(-1);
    expect((await page.post("/api/auth/accept-invitation", { token, password: "long beats clever" })).status).toBe(403);
    expect((await page.mutate("members.leave", { cookie: team.member.cookie })).status).toBe(200);
    expect(await make(team.member)).toBe(401);
    const log = await page.query("audit.list", { cookie: team.owner.cookie }, { resource_kind: "user" });
    expect(log.data.data.map(({ action, actor_id }: Record<string, string>) => [action, actor_id])).toEqual([
      ["delete", team.member.person.id],
      ["delete", team.owner.person.id],
      ["update", team.owner.person.id],
    ]);
  });
});

describe("an invitation", () => {
  const invite = async (by: Insider, email: string, role: Role = "member") => {
    const answer = await page.mutate("invitations.create", { cookie: by.cookie }, { email, role });
    return { ...answer, token: answer.data?.path?.split("/").at(-1) as string };
  };
  const accept = (token: string, more: object = {}, headers: Record<string, string> = {}) =>
    page.post("/api/auth/accept-invitation", { token, ...more }, headers);
  const password = "long beats clever";

  test("makes a member of its role, once, signed in; the link is shown once and kept as a hash", async () => {
    const team = await makeTeam("owner");
    const { data, token } = await invite(team.owner, " New@Example.com ");
    expect(data).toMatchObject({ email: "new@example.com", role: "member", state: "open" });
    expect((await accept(token, { password: "short" })).status).toBe(400);
    const answers = await Promise.all([accept(token, { password }), accept(token, { password: `${password}!` })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    const cookie = answers.find(({ status }) => status === 200)?.cookies[0]?.split(";")[0] ?? "";
    const seen = await page.query("teams.list", { cookie });
    expect(seen.data.data).toMatchObject([{ id: team.id, role: "member" }]);
    expect((await page.mutate("sources.create", { cookie }, { name: "mine" })).status).toBe(200);
    const listed = await page.query("invitations.list", { cookie: team.owner.cookie });
    expect(listed.data.data).toMatchObject([{ id: data.id, state: "accepted" }]);
    expect(listed.text).not.toContain(token);
    expect(JSON.stringify(await world.all("select * from invitation, audit_entry"))).not.toContain(token);
    expect((await page.query("invitations.list", { cookie })).status).toBe(403);
  });

  test("is for its address: somebody else who is signed in cannot take it, who logs in already has to do so", async () => {
    const team = await makeTeam("owner");
    const [invited, other] = [
      await addPerson(world.env.databaseUrl, null),
      await signInAs(front.url, world.env.databaseUrl, "viewer"),
    ];
    const { token } = await invite(team.owner, invited.email, "admin");
    expect((await accept(token, {}, { cookie: other.cookie })).text).toContain("WRONG_PERSON");
    expect((await accept(token, { password })).text).toContain("HAS_ACCOUNT");
    const cookie = await cookieOf(front.url, invited);
    expect((await accept(token, {}, { cookie })).status).toBe(200);
    expect(await roleIn(team.id, invited)).toBe("admin");
    expect((await accept(token, {}, { cookie })).status).toBe(403);
  });

  test("ends: revoked, replaced by a newer one, or after its days", async () => {
    const team = await makeTeam("owner");
    const first = await invite(team.owner, "ends@example.com");
    const second = await invite(team.owner, "ends@example.com");
    expect((await accept(first.token, { password })).status).toBe(403);
    await page.mutate("invitations.revoke", { cookie: team.owner.cookie }, { id: second.data.id });
    expect((await accept(second.token, { password })).status).toBe(403);
    const gone = await page.mutate("invitations.revoke", { cookie: team.owner.cookie }, { id: second.data.id });
    expect(gone.status).toBe(404);
    const third = await invite(team.owner, "ends@example.com");
    await world.all("update invitation set expires_at = now() where id = $1", [third.data.id]);
    await on.forgetTries();
    expect((await accept(third.token, { password })).status).toBe(403);
    expect(await world.all(`select 1 from "user" where email = 'ends@example.com'`)).toEqual([]);
    const states = (await page.query("invitations.list", { cookie: team.owner.cookie })).data.data;
    expect(states.map(({ state }: { state: string }) => state)).toEqual(["expired", "revoked", "revoked"]);
  });

  test("gives no more than who makes it may give, and none to who is there already", async () => {
    const team = await makeTeam("owner", "admin", "member");
    expect((await invite(team.member, "x@example.com", "viewer")).status).toBe(403);
    expect((await invite(team.admin, "x@example.com", "owner")).status).toBe(403);
    expect((await invite(team.owner, "x@example.com", "owner")).status).toBe(200);
    const there = await invite(team.owner, team.member.person.email);
    expect([there.status, there.text]).toEqual([409, expect.stringContaining("in the team already")]);
    const wrong = await invite(team.owner, "no address");
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('"path":"email"')]);
  });

  test("is guessed at five times a minute from an address", async () => {
    const from = { "x-forwarded-for": "192.0.2.44" };
    const guesses = [];
    for (let i = 0; i < 6; i++) guesses.push((await accept(`${i}`.repeat(43), { password }, from)).status);
    expect(guesses).toEqual([403, 403, 403, 403, 403, 429]);
  });
});

describe("a team", () => {
  test("is made by an owner, who owns it; nobody else sees it", async () => {
    const { id, owner, admin } = await makeTeam("owner", "admin");
    expect((await page.mutate("teams.create", { cookie: admin.cookie }, { name: "x" })).status).toBe(403);
    const made = await page.mutate("teams.create", { cookie: owner.cookie }, { name: " Second " });
    expect(made.data).toMatchObject({ name: "Second", role: "owner" });
    const listed = await page.query("teams.list", { cookie: owner.cookie });
    expect(listed.data.data.map((team: { id: string; role: Role }) => [team.id, team.role])).toEqual([
      [id, "owner"],
      [made.data.id, "owner"],
    ]);
    const inIt = { cookie: owner.cookie, "x-team-id": made.data.id };
    expect((await page.query("members.list", inIt)).data.data).toHaveLength(1);
    expect((await page.query("members.list", { ...inIt, cookie: admin.cookie })).status).toBe(403);
    expect((await page.query("audit.list", inIt)).data.data).toMatchObject([
      { action: "create", resource_kind: "team" },
    ]);
  });
});

describe("sessions", () => {
  test("are one's own to see and to end, and an ended one is refused with its next call", async () => {
    const { owner } = await makeTeam("owner");
    const { viewer } = await makeTeam("viewer");
    const other = await cookieOf(front.url, viewer.person);
    const third = await cookieOf(front.url, viewer.person);
    const { data, text } = await page.query("sessions.list", { cookie: viewer.cookie });
    expect(data.data.map(({ is_current }: { is_current: boolean }) => is_current).toSorted()).toEqual([
      false,
      false,
      true,
    ]);
    expect(text).not.toMatch(/"token"|user_id/);
    const [elsewhere] = data.data.filter(({ is_current }: { is_current: boolean }) => !is_current);
    expect((await page.mutate("sessions.revoke", { cookie: owner.cookie }, { id: elsewhere.id })).status).toBe(404);
    expect((await page.mutate("sessions.revoke", { cookie: viewer.cookie }, { id: elsewhere.id })).status).toBe(200);
    const alive = async () =>
      Promise.all([other, third].map(async (cookie) => (await page.query("teams.list", { cookie })).status));
    expect((await alive()).toSorted()).toEqual([200, 401]);
    expect((await page.mutate("sessions.revokeOthers", { cookie: viewer.cookie })).data).toEqual({ count: 1 });
    expect(await alive()).toEqual([401, 401]);
    expect((await page.query("teams.list", { cookie: viewer.cookie })).status).toBe(200);
  });
});

/** What somebody of another team calls each operation of persons with, who has the id of a session of ours. */
const TRIES: Record<string, (sessionId: string) => object> = {
  "sessions.list": () => ({}),
  "sessions.revoke": (id) => ({ id }),
  "sessions.revokeOthers": () => ({}),
  "members.leave": () => ({}),
  "account.get": () => ({}),
  "account.columns": () => ({}),
  "account.chooseColumns": () => ({ list: "events", columns: ["state"] }),
  "teams.create": () => ({ name: "Southpier" }),
};

describe("of the operations that only persons may call", () => {
  let [ours, theirs]: Awaited<ReturnType<typeof makeTeam<"owner" | "viewer">>>[] = [];
  beforeAll(async () => {
    [ours, theirs] = [await makeTeam("owner", "viewer"), await makeTeam("owner", "viewer")];
  });

  test("none is left out here", () => {
    expect(PERSONAL_OPERATIONS.map(({ name }) => name).toSorted()).toEqual(Object.keys(TRIES).toSorted());
  });

  test.each(PERSONAL_OPERATIONS.map(({ name, effect }) => [name, effect] as const))(
    "%s shows and changes nothing of somebody else",
    async (name, effect) => {
      if (!ours || !theirs) return expect.unreachable();
      const { id: teamId, owner } = ours;
      const stored = () =>
        world.all<{ session_id: string }>(
          `select s.id as session_id, to_jsonb(u) as person, to_jsonb(t) as team, to_jsonb(m) as member from member m join "user" u on u.id = m.user_id
           join team t on t.id = m.team_id join session s on s.user_id = u.id where t.id = $1 order by m.role, s.id`,
          [teamId],
        );
      const before = await stored();
      const sessionId = before[0]?.session_id ?? "";
      const input = TRIES[name]?.(sessionId);
      const call = effect === "read" ? page.query : page.mutate;
      const { cookie } = name === "members.leave" ? theirs.viewer : theirs.owner;
      expect((await call(name, { cookie, "x-team-id": teamId }, input)).status).toBe(403);
      const own = await call(name, { cookie }, input);
      expect(own.status, own.text).toBe(name === "sessions.revoke" ? 404 : 200);
      const known = name === "sessions.revoke" ? [] : [sessionId];
      for (const text of [teamId, owner.person.id, owner.person.email, ...known]) expect(own.text).not.toContain(text);
      expect(await stored()).toEqual(before);
    },
  );
});
