import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { type AuditAction, recordAudit } from "#server/auth/audit.ts";
import { verifyAuditLog } from "#server/auth/audit-chain.ts";
import { bootstrap } from "#server/auth/bootstrap.ts";
import { claimMasterKey } from "#server/auth/master-key.ts";
import { makeOwner, makeOwnerLink, removeOwners } from "#server/auth/owner.ts";
import { makePasswordLink } from "#server/auth/password-link.ts";
import { SCOPES } from "#server/auth/roles.ts";
import { ApiKeyScope } from "#server/contracts/api-key.ts";
import { Capability } from "#server/contracts/capability.ts";
import { makeKeyring } from "#server/crypto/secrets.ts";
import type { Db } from "#server/database/prisma.ts";
import { type Env, httpUrl } from "#server/env.ts";
import { AppError } from "#server/errors/app-error.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { hashOf } from "#server/people/passwords.ts";
import { rotateSecret, showSecret } from "./secret-commands.ts";

export const USAGE = `Usage: npm run admin -- <command>
  team create NAME                                  make a team
  team list                                         show the teams
  key create --team ID --name NAME [--scope read]   make an API key; repeat --team for several teams
      [--can CAPABILITY] [--expires TIME]           narrow it to capabilities (repeat --can), end it at an ISO time
  key list                                          show the keys
  key revoke ID                                     end a key
  audit verify [TEAM]                               check that no entry of the audit log was changed or taken out
  owner link                                        print a link that makes the owner, while there is none
  owner reset                                       sign everybody out, remove the owners, print such a link
  person reset EMAIL                                print a link for a new password; ends sessions, passkeys, second factor
  secret show                                       show which SWITCHYARD_SECRET the database belongs to
  secret rotate                                     encrypt what SWITCHYARD_OTHER_SECRET sealed under SWITCHYARD_SECRET
  doctor [--json]                                   look at all that the installation stands on, and change nothing
  backup FILE                                       write all that the database has to a new file, while everything runs
      [--with-key] [--passphrase-file FILE]         with SWITCHYARD_SECRET in it, behind a passphrase
  backup check FILE                                 read a backup from end to end, and say what is in it
  backup key FILE [--passphrase-file FILE]          print the SWITCHYARD_SECRET that is in a backup
  restore FILE [--passphrase-file FILE]             bring a backup into an empty database, or a new DATA_DIR
  migrate [--dry-run]                               bring the tables up to date, or only say what there is to apply
  bootstrap                                         make the default team and its first key and owner, once`;

const wrong = (sentence: string) => new AppError("BAD_REQUEST", `${sentence}\n${USAGE}`);

export interface AdminInput {
  words: string[];
  options: {
    team?: string[] | undefined;
    name?: string | undefined;
    scope?: string | undefined;
    can?: string[] | undefined;
    expires?: string | undefined;
  };
}
interface Admin {
  db: Db;
  env: Pick<Env, "apiKey" | "owner" | "host" | "port" | "secret" | "otherSecret">;
  now: Date;
}

const BY_COMMAND = { kind: "system", id: "admin" } as const;

/** Records a command in the audit log of each team that it concerns. */
async function recordByCommand(
  tx: Prisma.TransactionClient,
  now: Date,
  teamIds: string[],
  action: AuditAction,
  resource: { kind: "team" | "api_key"; id: string },
  after?: object,
): Promise<void> {
  // In one order, so that two commands never deadlock.
  for (const teamId of teamIds.toSorted()) {
    const by = { teamId, actor: BY_COMMAND, app: { now: () => now } };
    await recordAudit(tx, by, action, resource.kind, resource.id, { after });
  }
}

async function createTeam({ db, now }: Admin, name: string | undefined): Promise<string> {
  if (!name || name.length > 155) throw wrong("Give the team a name of 1 to 155 characters.");
  const id = newId("team", now.getTime());
  await db.$transaction(async (tx) => {
    await tx.team.create({ data: { id, name, created_at: now, updated_at: now }, select: { id: true } });
    await recordByCommand(tx, now, [id], "create", { kind: "team", id }, { name });
  });
  return id;
}

async function listTeams({ db }: Admin): Promise<string> {
  const teams = await db.team.findMany({ orderBy: { id: "asc" }, select: { id: true, name: true } });
  return teams.map(({ id, name }) => `${id}  ${name}`).join("\n");
}

/** Reads the options that narrow a key. */
function readLimits(now: Date, scope: ApiKeyScope, { can = [], expires }: AdminInput["options"]) {
  const capabilities = Capability.options.filter((each) => can.includes(each) && SCOPES[scope].has(each));
  if (capabilities.length < new Set(can).size) {
    throw wrong(`--can is one of ${[...SCOPES[scope]].join(", ")} with the scope ${scope}.`);
  }
  const expiresAt = expires === undefined ? null : new Date(expires);
  // A time that is none is not later than now either.
  if (expiresAt && !(expiresAt > now)) throw wrong("--expires is a time to come, such as 2030-01-31T12:00:00Z.");
  return { capabilities, expiresAt };
}

async function createKey({ db, now }: Admin, options: AdminInput["options"]): Promise<string> {
  const { team, name, scope = "write" } = options;
  if (!team?.length) throw wrong("Say for which team with --team ID.");
  if (!name || name.length > 155) throw wrong("Give the key a name of 1 to 155 characters with --name NAME.");
  const parsed = ApiKeyScope.safeParse(scope);
  if (!parsed.success) throw wrong(`--scope is read or write, not ${scope}.`);
  const teamIds = [...new Set(team)];
  const found = await db.team.findMany({ where: { id: { in: teamIds } }, select: { id: true } });
  const missing = teamIds.filter((id) => !found.some((row) => row.id === id));
  if (missing.length > 0) throw wrong(`There is no team ${missing.join(", ")}: see team list.`);
  const key = newApiKey();
  const limits = readLimits(now, parsed.data, options);
  const data = apiKeyRow(now, { key, name, scope: parsed.data, teamIds, ...limits, madeBy: BY_COMMAND });
  await db.$transaction(async (tx) => {
    await tx.apiKey.create({ data, select: { id: true } });
    await recordByCommand(
      tx,
      now,
      teamIds,
      "create",
      { kind: "api_key", id: data.id },
      { name, scope: data.scope, ...limits },
    );
  });
  return key;
}

async function listKeys({ db }: Admin): Promise<string> {
  const keys = await db.apiKey.findMany({
    orderBy: { id: "asc" },
    select: {
      id: true,
      name: true,
      scope: true,
      last_four: true,
      revoked_at: true,
      teams: { select: { team_id: true } },
    },
  });
  return keys
    .map((key) => {
      const teams = key.teams.map((team) => team.team_id).join(",");
      return `${key.id}  sy_…${key.last_four}  ${key.scope}  ${teams}  ${key.name}${key.revoked_at ? "  (revoked)" : ""}`;
    })
    .join("\n");
}

async function revokeKey({ db, now }: Admin, id: string | undefined): Promise<string> {
  if (!id) throw wrong("Say which key: its id, as key list shows it.");
  await db.$transaction(async (tx) => {
    const { count } = await tx.apiKey.updateMany({ where: { id, revoked_at: null }, data: { revoked_at: now } });
    if (count === 0) throw wrong(`There is no key ${id} that is not revoked: see key list.`);
    const teams = await tx.apiKeyTeam.findMany({ where: { api_key_id: id }, select: { team_id: true } });
    const teamIds = teams.map(({ team_id }) => team_id);
    await recordByCommand(tx, now, teamIds, "revoke", { kind: "api_key", id });
  });
  return `${id} is revoked; running processes forget it within 5 seconds.`;
}

/** @throws AppError naming the first place of each log that is not as it was written */
async function verifyAudit({ db }: Admin, teamId: string | undefined): Promise<string> {
  const where = teamId === undefined ? {} : { id: teamId };
  const teams = await db.team.findMany({ where, orderBy: { id: "asc" }, select: { id: true } });
  if (teams.length === 0) throw wrong(`There is no team ${teamId}: see team list.`);
  const lines: string[] = [];
  let isBroken = false;
  for (const { id } of teams) {
    const verdict = await verifyAuditLog(db, id);
    isBroken ||= verdict.kind === "broken";
    const before =
      verdict.kind === "whole" && verdict.unchained > 0 ? `, ${verdict.unchained} from before the chain` : "";
    lines.push(
      verdict.kind === "whole"
        ? `${id}  whole: ${verdict.head.seq} entries${before}, the last is ${verdict.head.hash || "none"}`
        : `${id}  BROKEN: ${verdict.says}`,
    );
  }
  if (isBroken) throw new AppError("CONFLICT", lines.join("\n"));
  return lines.join("\n");
}

const linkTo = ({ env }: Admin, token: string) => `${httpUrl(env.host, env.port)}/first-run?token=${token}`;

async function linkOf(admin: Admin): Promise<string> {
  const token = await makeOwnerLink(admin.db, admin.now);
  if (token === null)
    throw new AppError("CONFLICT", "There is an owner already: sign in, or take the team back with owner reset.");
  return linkTo(admin, token);
}

async function resetPerson({ db, env, now }: Admin, email: string | undefined): Promise<string> {
  if (!email) throw wrong("Say who: the e-mail address.");
  const token = await makePasswordLink(db, email, now);
  if (token === null) throw wrong(`Nobody has the address ${email}.`);
  return `${httpUrl(env.host, env.port)}/new-password?token=${token}`;
}

async function resetOwner(admin: Admin): Promise<string> {
  const { owners, sessions } = await removeOwners(admin.db, admin.now);
  return `Owners taken out: ${owners}. Sessions ended: ${sessions}. Make the new owner at ${await linkOf(admin)}`;
}

/** Makes the owner that the environment names, or a link that makes one; neither where there is one. */
async function firstOwner({ db, env, now }: Admin): Promise<{ owner_link_token: string | null }> {
  const token = await makeOwnerLink(db, now);
  if (token === null || env.owner === undefined) return { owner_link_token: token };
  const { email, password } = env.owner;
  await makeOwner(db, { email, passwordHash: await hashOf(password) }, undefined, now);
  return { owner_link_token: null };
}

/** Runs one command and returns what it prints. A mistake is an AppError with the usage. */
export async function runAdmin(admin: Admin, { words, options }: AdminInput): Promise<string> {
  const [noun, verb, argument] = words;
  switch ([noun, verb].filter(Boolean).join(" ")) {
    case "team create":
      return createTeam(admin, argument);
    case "team list":
      return listTeams(admin);
    case "key create":
      return createKey(admin, options);
    case "key list":
      return listKeys(admin);
    case "key revoke":
      return revokeKey(admin, argument);
    case "audit verify":
      return verifyAudit(admin, argument);
    case "owner link":
      return linkOf(admin);
    case "person reset":
      return resetPerson(admin, argument);
    case "owner reset":
      return resetOwner(admin);
    case "secret show":
      return showSecret(admin);
    case "secret rotate":
      return rotateSecret(admin);
    case "bootstrap":
      if (admin.env.secret !== undefined)
        await claimMasterKey(admin.db, makeKeyring(admin.env.secret, admin.env.otherSecret), admin.now);
      return JSON.stringify({
        ...(await bootstrap(admin.db, admin.env.apiKey, admin.now)),
        ...(await firstOwner(admin)),
      });
    default:
      throw wrong(words.length === 0 ? "Say what to do." : `There is no command ${words.join(" ")}.`);
  }
}
