// The fields of `config.auth` by auth type, with their words. Pure; a test holds them against what the server takes.
import type { SourceAuthType } from "#server/contracts/source.ts";
import type { ProviderForm } from "./provider-form.ts";
import { PROVIDER_FORMS } from "./provider-forms.ts";

export interface AuthField {
  /** In `config.auth`. */
  name: string;
  label: string;
  help?: string;
  kind: "secret" | "text" | "seconds" | "choice";
  /** Of a choice. The first is what an empty field stands for. */
  options?: readonly { value: string; label: string }[];
}

export interface AuthForm {
  fields: readonly AuthField[];
  /** Who makes the secret: the sender, who shows it, or we, to be given to the sender. Null where there is none. */
  secretBy: "sender" | "us" | null;
}

const CHOICE_WORDS: Readonly<Record<string, string>> = {
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha512: "SHA-512",
  production: "Production",
  sandbox: "Sandbox",
};
const toOption = (value: string) => ({ value, label: CHOICE_WORDS[value] ?? value });

const TOLERANCE: AuthField = {
  name: "tolerance_seconds",
  label: "Timestamp may be off by",
  kind: "seconds",
  help: "Seconds either way. Empty: 300, or what the provider advises. Later and earlier ones are refused.",
};

/** The fields that providers have, where a provider has no words of its own for one. */
const FIELDS: Record<string, AuthField> = {
  secret: { name: "secret", label: "Secret", kind: "secret" },
  verify_token: { name: "verify_token", label: "Verify token", kind: "secret" },
  username: { name: "username", label: "User name", kind: "text" },
  password: { name: "password", label: "Password", kind: "secret" },
  public_key: {
    name: "public_key",
    label: "Public key",
    kind: "text",
    help: "PEM, base64 or hex, as the provider shows it.",
  },
  webhook_id: { name: "webhook_id", label: "Webhook ID", kind: "text" },
  algorithm: { name: "algorithm", label: "Algorithm", kind: "choice" },
  environment: { name: "environment", label: "Environment", kind: "choice" },
  tolerance_seconds: TOLERANCE,
};

function fieldOf([name, label, help]: ProviderForm["fields"][number], choices: ProviderForm["choices"]): AuthField {
  const field = FIELDS[name] ?? { name, label: name, kind: "text" };
  const options = choices?.[name]?.map(toOption);
  return { ...field, ...(label && { label }), ...(help && { help }), ...(options && { options }) };
}

const formOf = ({ fields, choices, secretBy }: ProviderForm): AuthForm => ({
  fields: fields.map((field) => fieldOf(field, choices)),
  secretBy,
});
const PROVIDER_AUTH_FORMS = Object.fromEntries(
  Object.entries(PROVIDER_FORMS).map(([type, form]) => [type, formOf(form)]),
) as Record<keyof typeof PROVIDER_FORMS, AuthForm>;

export const AUTH_FORMS: Record<SourceAuthType, AuthForm> = {
  ...PROVIDER_AUTH_FORMS,
  NONE: { fields: [], secretBy: null },
  HMAC: {
    fields: [
      {
        name: "signature_header",
        label: "Signature header",
        kind: "text",
        help: "A known provider's header is verified by that provider's own construction.",
      },
      { name: "secret", label: "Secret", kind: "secret" },
      {
        name: "algorithm",
        label: "Algorithm",
        kind: "choice",
        options: [{ value: "", label: "SHA-256, or the provider's" }, ...["sha1", "sha256", "sha512"].map(toOption)],
      },
      {
        name: "encoding",
        label: "Encoding",
        kind: "choice",
        options: [{ value: "", label: "Hex or base64, by length" }, ...["hex", "base64", "base64url"].map(toOption)],
      },
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

const FIRST_VALUES: Record<string, string> = { signature_header: "x-signature", username: "webhook" };

/** The auth to begin with where we make the secret: what has to be there besides it. */
export const firstAuthOf = (authType: SourceAuthType): Record<string, string> =>
  Object.fromEntries(
    AUTH_FORMS[authType].fields.flatMap(({ name }) => {
      const value = FIRST_VALUES[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

/** A secret of 192 bits or more. @param random fills bytes at random */
export function makeSecret(authType: SourceAuthType, random: (bytes: Uint8Array) => Uint8Array): string {
  if (authType === "STANDARD_WEBHOOKS") return `whsec_${base64(random(new Uint8Array(24)))}`;
  return base64(random(new Uint8Array(32)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
