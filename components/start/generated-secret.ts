import type { SourceType } from "#server/contracts/source.ts";

/** Types whose one secret is any text, so that a source of them is made by one press. */
export const QUICK_TYPES = ["STRIPE", "GITHUB", "SHOPIFY"] as const satisfies SourceType[];
export type QuickType = "WEBHOOK" | (typeof QUICK_TYPES)[number];

const BYTES = 24;

/** A secret for a source that nobody has one for yet: good to try it with, and to be replaced by the provider's own. */
export function newTryingSecret(type: QuickType, bytes: Uint8Array): string | null {
  if (type === "WEBHOOK") return null;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return type === "STRIPE" ? `whsec_${hex}` : hex;
}

export const randomBytes = (): Uint8Array => crypto.getRandomValues(new Uint8Array(BYTES));

/** The command with the secret in front of it, where it is known here. */
export const withSecret = (command: string, variable: string | null, secret: string | undefined): string =>
  variable === null || secret === undefined ? command : `${variable}='${secret}'\n${command}`;
