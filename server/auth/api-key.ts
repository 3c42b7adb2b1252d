import { createHash, randomBytes } from "node:crypto";
import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import type { Capability } from "#server/contracts/capability.ts";
import { newId } from "#server/ids.ts";
import type { Actor } from "./ctx.ts";

const KEY = /^sy_[A-Za-z0-9_-]{24,200}$/;

/** A key is 256 random bits, so a plain hash keeps it: there is nothing to guess that a slow hash would protect. */
export const hashApiKey = (key: string): string => createHash("sha256").update(key).digest("hex");

export const isApiKey = (text: string): boolean => KEY.test(text);

export const newApiKey = (): string => `sy_${randomBytes(32).toString("base64url")}`;

interface NewApiKey {
  key: string;
  name: string;
  scope: ApiKeyScope | "endpoint";
  /** Of the scope `endpoint`: the one that it has a right to. */
  endpointId?: string;
  /** When there are none, the key has all capabilities of its scope. */
  capabilities?: Capability[] | undefined;
  teamIds: string[];
  expiresAt: Date | null;
  madeBy?: Pick<Actor, "kind" | "id">;
}

/** The row of a key, without the key. */
export const apiKeyRow = (
  now: Date,
  { key, name, scope, endpointId, capabilities, teamIds, expiresAt, madeBy }: NewApiKey,
) => ({
  id: newId("api_key", now.getTime()),
  name,
  scope,
  capabilities: capabilities ?? [],
  endpoint_id: endpointId ?? null,
  key_hash: hashApiKey(key),
  last_four: key.slice(-4),
  expires_at: expiresAt,
  made_by_kind: madeBy?.kind ?? null,
  made_by_id: madeBy?.id ?? null,
  created_at: now,
  teams: { create: teamIds.map((team_id) => ({ team_id })) },
});
