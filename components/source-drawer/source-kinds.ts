// The kinds of source: a provider, or any other sender by the way in which it proves itself. Pure.
import { PROVIDER_TYPES, PROVIDERS, type ProviderType } from "#server/contracts/provider.ts";
import type { Source, SourceAuthType, SourceType } from "#server/contracts/source.ts";
import { PROVIDER_FORMS } from "./provider-forms.ts";

export interface SourceKind {
  /** Also its tile. */
  key: string;
  type: SourceType;
  authType: SourceAuthType;
  title: string;
  /** How its senders are proved. */
  about: string;
  /** False: no page or library of the provider's own was found that says so. */
  isConfirmed: boolean;
}

export const PROVIDER_KINDS: readonly SourceKind[] = PROVIDER_TYPES.map((type) => ({
  key: type,
  type,
  authType: type,
  title: PROVIDERS[type].title,
  about: PROVIDER_FORMS[type].about,
  isConfirmed: PROVIDERS[type].isConfirmed,
})).sort((a, b) => a.title.localeCompare(b.title, "en"));

export const OTHER_KINDS: readonly SourceKind[] = [
  { key: "HMAC", authType: "HMAC", title: "HMAC signature", about: "own header and secret" },
  {
    key: "STANDARD_WEBHOOKS",
    authType: "STANDARD_WEBHOOKS",
    title: "Standard Webhooks",
    about: "three webhook- headers",
  },
  { key: "API_KEY", authType: "API_KEY", title: "API key", about: "of your choice, in a header" },
  { key: "BASIC_AUTH", authType: "BASIC_AUTH", title: "Basic auth", about: "user name and password" },
  { key: "NONE", authType: "NONE", title: "No verification", about: "anyone with its URL sends" },
  {
    key: "PUBLISH",
    type: "PUBLISH",
    authType: "NONE",
    title: "Your own services",
    about: "publish by the API, with a key",
  },
].map((kind) => ({ type: "WEBHOOK", isConfirmed: true, ...kind }) as SourceKind);

export const ALL_KINDS: readonly SourceKind[] = [...PROVIDER_KINDS, ...OTHER_KINDS];

export const kindOf = (key: string | null | undefined): SourceKind | undefined =>
  ALL_KINDS.find((kind) => kind.key === key);

/** Who is given the URL, and sends, in a sentence. */
export const senderOf = ({ type, title }: SourceKind): string =>
  type === "WEBHOOK" ? "the sender" : type === "PUBLISH" ? "your services" : title;

/** The first six, which most teams begin with. */
const OFTEN_USED: readonly ProviderType[] = ["STRIPE", "SHOPIFY", "GITHUB", "SLACK", "TWILIO", "LINEAR"];
export const OFTEN_KINDS: readonly SourceKind[] = OFTEN_USED.flatMap((type) => kindOf(type) ?? []);

/**
 * Those whose name begins with what was typed, and then those whose name holds it. Where there is none, those whose proof holds it:
 * most proofs are of a body, so two letters of a name would find nearly all.
 */
export function matchingKinds(typed: string, kinds: readonly SourceKind[]): readonly SourceKind[] {
  const wanted = typed.trim().toLowerCase();
  const placeOf = ({ title }: SourceKind) => title.toLowerCase().indexOf(wanted);
  const named = kinds.filter((kind) => placeOf(kind) >= 0);
  if (named.length === 0) return kinds.filter(({ about }) => about.toLowerCase().includes(wanted));
  return [...named.filter((kind) => placeOf(kind) === 0), ...named.filter((kind) => placeOf(kind) > 0)];
}

/** The kind that a source is: by its provider, else by its proof. */
export const kindOfSource = ({ type, config }: Pick<Source, "type" | "config">): SourceKind =>
  kindOf(type) ??
  kindOf(config.auth_type) ?? {
    key: type,
    type,
    authType: config.auth_type,
    title: type,
    about: "",
    isConfirmed: true,
  };
