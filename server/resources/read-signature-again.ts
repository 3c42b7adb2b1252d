// A refused request is judged once more by the secrets that the source has now, as it came and with each change undone
// that a body may suffer on its way. It is done when its owner asks, and never at the door.
import type { SourceConfig } from "#server/contracts/source.ts";
import { fetchNoKey, type Inbound } from "#server/providers/inbound.ts";
import { prepareAuth, type ResolvedAuth, verify } from "#server/providers/verify.ts";
import { BODY_CHANGES } from "./body-changes.ts";

/** Of a request that was kept whole. */
export interface KeptInbound {
  inbound: Inbound;
  receivedAt: Date;
}

/** Whether the sender is proved by its signature, whatever its time. */
async function fits(auth: ResolvedAuth, { inbound, receivedAt }: KeptInbound, body: Buffer): Promise<boolean> {
  const verdict = await verify(auth, { ...inbound, body }, receivedAt.getTime(), fetchNoKey);
  return verdict.kind !== "rejected" || verdict.cause === "TIMESTAMP_OUT_OF_TOLERANCE";
}

/**
 * What makes the signature right after all, as a sentence; null where nothing that is tried does.
 *
 * @param config with its secrets in clear
 */
export async function readSignatureAgain(
  { auth_type, auth }: Pick<SourceConfig, "auth_type" | "auth">,
  kept: KeptInbound,
): Promise<string | null> {
  const resolved = prepareAuth(auth_type, auth);
  const { body } = kept.inbound;
  if (await fits(resolved, kept, body))
    return "The secret that the source has now fits: it was another one when this came. Ask the sender to send it again.";
  const text = body.toString("utf8");
  for (const { says, undo } of BODY_CHANGES) {
    const before = undo(text);
    if (before !== text && (await fits(resolved, kept, Buffer.from(before, "utf8"))))
      return `The secret is right, and the body is not what was signed: ${says}.`;
  }
  return null;
}
