"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import type { Source, SourceAuthType } from "#server/contracts/source.ts";
import { AUTH_FORMS } from "./auth-fields.ts";
import { AuthInputs } from "./auth-inputs.tsx";
import { writeAuth } from "./auth-values.ts";
import { useTakeSource } from "./use-source.ts";

interface SecretFormProps {
  source: Source;
  authType: SourceAuthType;
  isFocused: boolean;
  onSaved: () => void;
  onCancel?: () => void;
}

/** Asks for what proves the sender. What was typed stays when the server refuses it. */
export function SecretForm({ source, authType, isFocused, onSaved, onCancel }: SecretFormProps) {
  const trpc = useTRPC();
  const take = useTakeSource();
  const [values, setValues] = useState<Record<string, string | undefined>>({});
  const update = useMutation(
    trpc.sources.update.mutationOptions({
      onSuccess(saved) {
        take(saved);
        onSaved();
      },
    }),
  );
  const fields = AUTH_FORMS[authType].fields.map(({ name }) => `config.auth.${name}`);
  const errors = errorsAt(update.error, [...fields, "config.auth_type"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (update.isPending) return;
    const config = {
      auth_type: authType,
      auth: { ...withoutSecrets(source, authType), ...writeAuth(authType, values) },
    };
    update.mutate({ id: source.id, config, if_updated_at: source.updated_at });
  };
  return (
    <form onSubmit={submit} className="grid gap-3" aria-label="Proof of the sender">
      <AuthInputs
        authType={authType}
        values={{ ...withoutSecrets(source, authType), ...values }}
        onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
        errors={errors.at}
        isFocused={isFocused}
        isShort
      />
      <FormError docs={errors.docs}>{errors.rest ?? errors.at["config.auth_type"]}</FormError>
      <div className="flex items-center gap-2">
        <Button type="submit" kind="primary" size="lg" isBusy={update.isPending}>
          Save
        </Button>
        {onCancel ? (
          <Button kind="quiet" size="lg" onClick={onCancel}>
            Cancel
          </Button>
        ) : null}
        <span className="text-muted text-xs">kept encrypted, never shown again</span>
      </div>
    </form>
  );
}

/** The saved fields of this auth type that are no secrets: they stay when another secret comes. */
function withoutSecrets({ config }: Source, authType: SourceAuthType): Record<string, string> {
  if (config.auth_type !== authType) return {};
  const plain = AUTH_FORMS[authType].fields.filter(
    ({ kind, name }) => kind !== "secret" && config.auth[name] !== undefined,
  );
  return Object.fromEntries(plain.map(({ name }) => [name, String(config.auth[name])]));
}
