// Calls of the API, timed, with a key of their own.
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import { makePrisma } from "#server/database/prisma.ts";

export async function makeKey(databaseUrl: string, scope: "read" | "write"): Promise<string> {
  const key = newApiKey();
  const db = makePrisma(databaseUrl, 1);
  try {
    const row = { key, name: "bench", scope, teamIds: [DEFAULT_TEAM], expiresAt: null };
    await db.apiKey.create({ data: apiKeyRow(new Date(), row) });
  } finally {
    await db.$disconnect();
  }
  return key;
}

export async function timeCall(gatewayUrl: string, key: string, path: string): Promise<{ ms: number; text: string }> {
  const startedAt = performance.now();
  const answer = await fetch(`${gatewayUrl}/v1/${path}`, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`GET /v1/${path} was answered ${answer.status}: ${text}`);
  return { ms: performance.now() - startedAt, text };
}
