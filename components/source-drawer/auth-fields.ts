// The fields of `config.auth` by auth type, with their words. Pure; a test holds them against what the server takes.
import type { SourceAuthType } from "#server/contracts/source.ts";

export interface AuthField {
  /** In `config.auth`. */
  name: string;
  label: string;
  help?: string;
  kind: "secret" | "text" | "seconds" | "algorithm" | "encoding";
}

export interface AuthForm {
  fields: readonly AuthField[];
  /** Who makes the secret: the sender, who shows it, or we, to be given to the sender. Null where there is none. */
  secretBy: "sender" | "us" | null;
}

const secret = (label: string, help?: string): AuthField => ({
  name: "secret",
  label,
  kind: "secret",
  ...(help && { help }),
});
const TOLERANCE: AuthField = {
  name: "tolerance_seconds",
  label: "Timestamp may be off by",
  kind: "seconds",
  help: "Seconds either way. Empty: 300, or what the provider advises. Later and earlier ones are refused.",
};

export const AUTH_FORMS: Record<SourceAuthType, AuthForm> = {
  NONE: { fields: [], secretBy: null },
  STRIPE: { fields: [secret("Signing secret", "Begins with whsec_."), TOLERANCE], secretBy: "sender" },
  GITHUB: { fields: [secret("Secret")], secretBy: "us" },
  GITLAB: { fields: [secret("Secret token")], secretBy: "us" },
  OKTA: { fields: [secret("Authentication secret", "Okta sends it in the header Authorization.")], secretBy: "us" },
  PAYPAL: {
    fields: [{ name: "webhook_id", label: "Webhook ID", kind: "text", help: "PayPal shows it beside the URL." }],
    secretBy: null,
  },
  SHOPIFY: {
    fields: [secret("Signing secret", "Shown under the webhooks, or the API secret key.")],
    secretBy: "sender",
  },
  TWILIO: { fields: [secret("Auth token", "The primary token of the account.")], secretBy: "sender" },
  SLACK: { fields: [secret("Signing secret", "Under Basic Information of the app."), TOLERANCE], secretBy: "sender" },
  STANDARD_WEBHOOKS: {
    fields: [secret("Signing secret", "whsec_ and base64."), TOLERANCE],
    secretBy: "us",
  },
  HMAC: {
    fields: [
      {
        name: "signature_header",
        label: "Signature header",
        kind: "text",
        help: "A known provider's header is verified by that provider's own construction.",
      },
      secret("Secret"),
      { name: "algorithm", label: "Algorithm", kind: "algorithm" },
      { name: "encoding", label: "Encoding", kind: "encoding" },
      TOLERANCE,
    ],
    secretBy: "us",
  },
  BASIC_AUTH: {
    fields: [
      { name: "username", label: "User name", kind: "text" },
      { name: "password", label: "Password", kind: "secret" },
    ],
    secretBy: "us",
  },
  API_KEY: {
    fields: [
      { name: "header", label: "Header", kind: "text", help: "x-api-key where it is left empty." },
      { name: "api_key", label: "API key", kind: "secret" },
    ],
    secretBy: "us",
  },
};

/** The field of the secret, and of the one before it while a rotation runs. */
export function secretFieldOf(authType: SourceAuthType): AuthField | undefined {
  return AUTH_FORMS[authType].fields.find(({ kind }) => kind === "secret");
}
export const previousOf = (name: string) => `previous_${name}`;

/** The auth to begin with where we make the secret: what has to be there besides it. */
export const FIRST_AUTH: Partial<Record<SourceAuthType, Record<string, string>>> = {
  HMAC: { signature_header: "x-signature" },
  BASIC_AUTH: { username: "webhook" },
};

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

/** A secret of 192 bits or more. @param random fills bytes at random */
export function makeSecret(authType: SourceAuthType, random: (bytes: Uint8Array) => Uint8Array): string {
  if (authType === "STANDARD_WEBHOOKS") return `whsec_${base64(random(new Uint8Array(24)))}`;
  return base64(random(new Uint8Array(32)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
