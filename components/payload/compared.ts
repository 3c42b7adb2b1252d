// The reasons for which two bodies are not laid side by side. Pure.
import type { BodyText } from "#server/contracts/body-text.ts";

type Kind = BodyText["kind"];

const REASONS: Partial<Record<Kind, string>> = {
  too_large: "They are too large to be compared here. Download both.",
  erased: "The bodies were erased.",
  withheld: "What a transform made of it is withheld until its masks are applied: there is nothing to compare yet.",
  binary: "At least one of them is no text.",
};

/** Why two bodies cannot be compared; undefined where they can. No body at all is a body without a line. */
export function whyNotCompared(bodies: readonly { kind: Kind }[]): string | undefined {
  const kinds = new Set(bodies.map(({ kind }) => kind));
  for (const [kind, reason] of Object.entries(REASONS)) if (kinds.has(kind as Kind)) return reason;
  return undefined;
}
