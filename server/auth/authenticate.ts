import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import { AppError } from "#server/errors/app-error.ts";
import { hashApiKey, isApiKey } from "./api-key.ts";
import type { App, Ctx } from "./ctx.ts";
import { type Capabilities, capabilitiesOfKey, NOTHING } from "./roles.ts";

/** How long a process that knows a key may still accept it after its revocation. */
const BELIEVED_MS = 5_000;
const MAX_KNOWN = 1_000;
const NOTE_USE_EVERY_MS = 60_000;

export interface KnownKey {
  id: string;
  can: Capabilities;
  endpointId: string | undefined;
  teamIds: string[];
  expiresAtMs: number;
  readAtMs: number;
}

// Keyed by process context, not global: two apps of one test never share what they know.
const knownKeys = new WeakMap<App, Map<string, KnownKey>>();
const otherMemories = new WeakMap<App, ((id: string) => void)[]>();

const unauthorized = (sentence: string) => new AppError("UNAUTHORIZED", sentence);

/** The hash of the API key in an `Authorization` header, however that is spelt; null where it holds none. */
export function hashOfKeyIn(authorization: string): string | null {
  const key = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  return key !== undefined && isApiKey(key) ? hashApiKey(key) : null;
}

function readHash(authorization: string | undefined): string {
  if (authorization === undefined) throw unauthorized("Send the header Authorization: Bearer sy_… with an API key.");
  const hash = hashOfKeyIn(authorization);
  if (hash === null) {
    throw unauthorized(
      "The Authorization header holds no API key: send Bearer, a space and the key, which begins with sy_.",
    );
  }
  return hash;
}

async function loadKey(app: App, hash: string, nowMs: number, ip: string): Promise<KnownKey | null> {
  const row = await app.db.apiKey.findUnique({
    where: { key_hash: hash, revoked_at: null },
    select: {
      id: true,
      scope: true,
      capabilities: true,
      endpoint_id: true,
      expires_at: true,
      last_used_at: true,
      teams: { select: { team_id: true } },
    },
  });
  if (!row) return null;
  const expiresAtMs = row.expires_at?.getTime() ?? Number.POSITIVE_INFINITY;
  const isUseNoted = row.last_used_at !== null && nowMs - row.last_used_at.getTime() < NOTE_USE_EVERY_MS;
  if (!isUseNoted && expiresAtMs > nowMs) await noteUse(app, row.id, nowMs, ip);
  return {
    id: row.id,
    can: row.endpoint_id === null ? capabilitiesOfKey(row.scope as ApiKeyScope, row.capabilities) : NOTHING,
    endpointId: row.endpoint_id ?? undefined,
    teamIds: row.teams.map((team) => team.team_id).sort(),
    expiresAtMs,
    readAtMs: nowMs,
  };
}

async function noteUse(app: App, id: string, nowMs: number, ip: string): Promise<void> {
  const dueBefore = new Date(nowMs - NOTE_USE_EVERY_MS);
  await app.db.apiKey
    .updateMany({
      where: { id, OR: [{ last_used_at: null }, { last_used_at: { lte: dueBefore } }] },
      data: { last_used_at: new Date(nowMs), last_used_ip: ip },
    })
    // A key is right also where its use cannot be noted: the disk is full, or the database only reads.
    .catch(() => {});
}

async function findKey(app: App, hash: string, ip: string): Promise<KnownKey | null> {
  const nowMs = app.now().getTime();
  const known = knownKeys.get(app) ?? new Map<string, KnownKey>();
  knownKeys.set(app, known);
  const believed = known.get(hash);
  if (believed && nowMs - believed.readAtMs < BELIEVED_MS) return believed;
  known.delete(hash);
  const loaded = await loadKey(app, hash, nowMs, ip);
  if (!loaded) return null;
  const oldest = known.size >= MAX_KNOWN ? known.keys().next().value : undefined;
  if (oldest !== undefined) known.delete(oldest);
  known.set(hash, loaded);
  return loaded;
}

function chooseTeam(key: KnownKey, asked: string | undefined): string {
  const [first, ...others] = key.teamIds;
  if (first === undefined)
    throw new AppError("FORBIDDEN", "This API key belongs to no team any more: use another one.");
  if (asked !== undefined) {
    if (key.teamIds.includes(asked)) return asked;
    throw new AppError(
      "FORBIDDEN",
      "This API key is not one of the team that the header x-team-id names: correct or drop the header.",
    );
  }
  if (others.length > 0) {
    throw new AppError(
      "BAD_REQUEST",
      `This API key acts for several teams: send the header x-team-id with one of ${key.teamIds.join(", ")}.`,
    );
  }
  return first;
}

export interface Credentials {
  authorization: string | undefined;
  teamId: string | undefined;
  /** The address of whoever sent them, which is noted with the use of a key. */
  ip: string;
}

/**
 * Finds the key in the `Authorization` header, whichever its teams are.
 * @throws AppError UNAUTHORIZED without a valid key
 */
export async function findValidKey(
  app: App,
  { authorization, ip }: Pick<Credentials, "authorization" | "ip">,
): Promise<KnownKey> {
  const key = await findKey(app, readHash(authorization), ip);
  if (!key)
    throw unauthorized("This API key is not known or was revoked: make one with npm run admin, or ask its owner.");
  if (key.expiresAtMs <= app.now().getTime()) throw unauthorized("This API key has expired: make a new one.");
  return key;
}

/**
 * Reads the caller from the `Authorization` header, and the team from `x-team-id`. A key that was read before is accepted
 * for up to 5 s after its revocation; its expiry is checked each time.
 * @throws AppError UNAUTHORIZED without a valid key, FORBIDDEN for a team that is not the key's, BAD_REQUEST when the key
 * has several teams and none was named.
 */
export async function authenticate(app: App, { authorization, teamId: asked, ip }: Credentials): Promise<Ctx> {
  const key = await findValidKey(app, { authorization, ip });
  const teamId = chooseTeam(key, asked);
  return { app, teamId, actor: { kind: "api_key", id: key.id }, can: key.can, endpointId: key.endpointId };
}

/** Forgets what this process knows of a key, or of the keys of an endpoint, so that its revocation counts here at once. */
export function forgetKey(app: App, id: string): void {
  const known = knownKeys.get(app);
  for (const [hash, key] of known ?? []) if (key.id === id || key.endpointId === id) known?.delete(hash);
  for (const forget of otherMemories.get(app) ?? []) forget(id);
}

/** Has `forget` called with whatever `forgetKey` is called with, for a memory of keys that is kept elsewhere. */
export function onForgetKey(app: App, forget: (id: string) => void): void {
  otherMemories.set(app, [...(otherMemories.get(app) ?? []), forget]);
}
