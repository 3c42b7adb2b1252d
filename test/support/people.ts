// People who are signed in, as the log-in itself makes them: a person of any role, and the cookie of their session.
import pg from "pg";
import type { BrowserContextOptions } from "playwright-core";
import { DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import type { Role } from "#server/contracts/capability.ts";
import { newId } from "#server/ids.ts";
import { hashOf } from "#server/people/passwords.ts";

export const PASSWORD = "correct horse battery";

export interface TestPerson {
  id: string;
  email: string;
}

let passwordHash: Promise<string> | undefined;
let made = 0;

/** A person with {@link PASSWORD}, of this role in the team, which is made where there is none. */
export async function addPerson(databaseUrl: string, role: Role | null, teamId = DEFAULT_TEAM): Promise<TestPerson> {
  passwordHash ??= hashOf(PASSWORD);
  made += 1;
  const person = { id: newId("user"), email: `${role ?? "nobody"}-${made}@example.com` };
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`insert into "user" (id, email, name) values ($1, $2, $2)`, [person.id, person.email]);
    await client.query(
      `insert into account (id, user_id, provider_id, account_id, password) values ($1, $2, 'credential', $2, $3)`,
      [newId("account"), person.id, await passwordHash],
    );
    if (role === null) return person;
    await client.query("insert into team (id, name) values ($1, 'Default') on conflict do nothing", [teamId]);
    await client.query("insert into member (team_id, user_id, role) values ($1, $2, $3)", [teamId, person.id, role]);
    return person;
  } finally {
    await client.end();
  }
}

/** What a page of the dashboard sends; no page can write these two itself. */
export const FROM_A_PAGE = { "sec-fetch-site": "same-origin", "content-type": "application/json" };

/** Logs in over HTTP and gives the header `cookie` of what follows. */
export async function cookieOf(dashboardUrl: string, { email }: Pick<TestPerson, "email">): Promise<string> {
  const answer = await fetch(`${dashboardUrl}/api/auth/sign-in/email`, {
    method: "POST",
    headers: FROM_A_PAGE,
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`The log-in of ${email} was answered ${answer.status}: ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}

export interface SignedIn {
  person: TestPerson;
  /** The header `cookie`, for `fetch`. */
  cookie: string;
  /** For `browser.open(url, { ...options, storageState })`. */
  storageState: Exclude<BrowserContextOptions["storageState"], string | undefined>;
}

/** A new person of this role, signed in at the dashboard. */
export async function signInAs(
  dashboardUrl: string,
  databaseUrl: string,
  role: Role,
  teamId?: string,
): Promise<SignedIn> {
  const person = await addPerson(databaseUrl, role, teamId);
  return { person, ...(await signedInState(dashboardUrl, person)) };
}

/** Signs in somebody who is there already. */
export async function signedInState(
  dashboardUrl: string,
  person: Pick<TestPerson, "email">,
): Promise<Omit<SignedIn, "person">> {
  const cookie = await cookieOf(dashboardUrl, person);
  const { hostname } = new URL(dashboardUrl);
  const cookies = cookie.split("; ").map((pair) => {
    const [name = "", value = ""] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    const fixed = { domain: hostname, path: "/", expires: -1, httpOnly: true, secure: false, sameSite: "Lax" } as const;
    return { name, value, ...fixed };
  });
  return { cookie, storageState: { cookies, origins: [] } };
}
