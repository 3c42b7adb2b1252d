"use client";

import { ChoiceField, SecretField, TextField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import type { Destination, DestinationAuthType } from "#server/contracts/destination.ts";
import { SigningSecret } from "./signing-secret.tsx";

const TYPES: readonly { value: DestinationAuthType; label: string }[] = [
  { value: "SWITCHYARD_SIGNATURE", label: "Switchyard signature (Standard Webhooks)" },
  { value: "CUSTOM_SIGNATURE", label: "Own signature: header, algorithm, encoding" },
  { value: "BASIC_AUTH", label: "Basic: user and password" },
  { value: "API_KEY", label: "API key in a header" },
  { value: "BODY_KEY", label: "API key in the body" },
  { value: "BEARER_TOKEN", label: "Bearer token" },
  { value: "SECRET_PATH", label: "Path that is a secret" },
  { value: "NONE", label: "None" },
];
const ALGORITHMS = [
  { value: "sha256", label: "SHA-256" },
  { value: "sha1", label: "SHA-1" },
  { value: "sha512", label: "SHA-512" },
];
const ENCODINGS = [
  { value: "hex", label: "Hex" },
  { value: "base64", label: "Base64" },
  { value: "base64url", label: "Base64url" },
];

/** How a receiver knows that a delivery comes from here. */
export function AuthFields({ destination }: { destination: Destination & { type: "HTTP" } }) {
  const type = String(useFormField("config.auth_type").value) as DestinationAuthType;
  const isSaved = type === destination.config.auth_type;
  const masked = (name: string) => {
    const value = isSaved ? destination.config.auth[name] : undefined;
    return typeof value === "string" ? value : undefined;
  };
  return (
    <>
      <ChoiceField field="config.auth_type" label="Authentication" options={TYPES} />
      {type === "SWITCHYARD_SIGNATURE" && !isSaved ? (
        <p className="text-muted text-xs">A signing secret is made when this is saved.</p>
      ) : null}
      {type === "CUSTOM_SIGNATURE" ? (
        <>
          <div className="grid grid-cols-3 gap-3">
            <TextField field="config.auth.header" label="Header" isMono placeholder="x-signature" />
            <ChoiceField field="config.auth.algorithm" label="Algorithm" options={ALGORITHMS} />
            <ChoiceField field="config.auth.encoding" label="Encoding" options={ENCODINGS} />
          </div>
          {isSaved ? null : (
            <SecretField field="config.auth.signing_secret" label="Signing secret" masked={undefined} />
          )}
        </>
      ) : null}
      {type === "BASIC_AUTH" ? (
        <div className="grid grid-cols-2 gap-3">
          <TextField field="config.auth.username" label="User" isMono />
          <SecretField field="config.auth.password" label="Password" masked={masked("password")} />
        </div>
      ) : null}
      {type === "API_KEY" ? (
        <div className="grid grid-cols-2 gap-3">
          <TextField field="config.auth.header" label="Header" isMono placeholder="x-api-key" />
          <SecretField field="config.auth.api_key" label="Key" masked={masked("api_key")} />
        </div>
      ) : null}
      {type === "BODY_KEY" ? (
        <div className="grid grid-cols-2 gap-3">
          <TextField field="config.auth.field" label="Field of the body" isMono placeholder="routing_key" />
          <SecretField field="config.auth.api_key" label="Key" masked={masked("api_key")} />
        </div>
      ) : null}
      {type === "SECRET_PATH" ? (
        <SecretField field="config.auth.url_path" label="Path after the host" masked={masked("url_path")} />
      ) : null}
      {type === "BEARER_TOKEN" ? (
        <SecretField field="config.auth.token" label="Token" masked={masked("token")} />
      ) : null}
      {isSaved && masked("signing_secret") !== undefined ? <SigningSecret destination={destination} /> : null}
    </>
  );
}
