// Keys that a provider serves to whoever has an account with it: each call is made with the credentials of the source's owner.
import { createHash } from "node:crypto";
import { z } from "zod";
import { type CallProvider, type FetchKey, type KeyAnswer, rejected, type Verification } from "./inbound.ts";

/** A name that stands in a header, a URL or a body as it is. */
export const AccountName = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_.-]{1,128}$/, "Give it as the provider shows it: letters, digits, - and _.");
/** The first is what a source without it has. */
export const Environment = z.enum(["production", "sandbox"]).optional();

/** What tells an owner's credentials from others', and not what they are. */
export const ownerOf = (...credentials: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(credentials)).digest("hex");

interface Asked {
  provider: string;
  /** The credentials, in words. */
  credentials: string;
  /** `ownerOf` them. */
  owner: string;
  keyId: string;
  keptForMs: number;
  /** @returns the key as the provider serves it; null when it cannot be had */
  ask: (call: CallProvider) => Promise<Buffer | null>;
}

/** Judges by a key that is asked for. Where it cannot be had nothing is accepted, and the owner reads that nothing was checked. */
export async function judgeByKey(
  fetchKey: FetchKey,
  { provider, credentials, owner, keyId, keptForMs, ask }: Asked,
  judge: (served: unknown) => Verification,
): Promise<Verification> {
  const answer = await fetchKey({
    id: `${owner} ${keyId}`,
    owner,
    keptForMs,
    ask: async ({ call }): Promise<KeyAnswer> => {
      const served = await ask(call);
      return served ? { kind: "had", text: served.toString("utf8") } : { kind: "missing", why: "it was not served" };
    },
  });
  if (answer.kind === "missing")
    return rejected(
      `The signature was not checked: ${provider} did not serve the key ${keyId} that it names. Where this stays so, check ${credentials} and the environment of the source.`,
    );
  return judge(parsed(answer.text));
}

/** JSON that a provider answered; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
