// The proof that a source of a provider still lacks. Pure.
import type { Source, SourceAuthType } from "#server/contracts/source.ts";

/** The provider's own, where its secret was not given yet or nothing is asked for; null where there is nothing to give. */
export function missingProof({ type, config }: Pick<Source, "type" | "config">): SourceAuthType | null {
  if (type === "WEBHOOK" || type === "PUBLISH") return null;
  if (config.auth_type === "NONE") return type;
  return Object.keys(config.auth).length === 0 ? config.auth_type : null;
}

/** Whether a webhook can be sent to its URL: one that is published to has no door, and without its secret nothing is accepted. */
export const canBeTested = (source: Pick<Source, "type" | "config">): boolean =>
  source.type !== "PUBLISH" && (missingProof(source) === null || source.config.auth_type === "NONE");
