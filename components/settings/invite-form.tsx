"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { Capability, Role } from "#server/contracts/capability.ts";
import type { CreatedInvitation } from "#server/contracts/invitation.ts";
import { givableRoles } from "./givable-roles.ts";
import { roleWords } from "./role-matrix.ts";

const VALID = [
  { value: "1", label: "1 day" },
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
] as const;
type Valid = (typeof VALID)[number]["value"];

interface InviteFormProps {
  can: readonly Capability[];
  onMade: (invitation: CreatedInvitation) => void;
  onCancel: () => void;
}

export function InviteForm({ can, onMade, onCancel }: InviteFormProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [valid, setValid] = useState<Valid>("7");
  const create = useMutation(
    trpc.invitations.create.mutationOptions({
      onSuccess(made) {
        void queryClient.invalidateQueries({ queryKey: trpc.invitations.list.queryKey() });
        onMade(made);
      },
    }),
  );
  const errors = errorsAt(create.error, ["email", "role", "valid_days"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) create.mutate({ email, role, valid_days: Number(valid) });
  };
  return (
    <form
      aria-label="Invite somebody"
      onSubmit={submit}
      className="mb-4 grid gap-3.5 rounded-lg border border-line bg-surface p-4"
    >
      <h3 className="font-semibold tracking-tight">Invite somebody</h3>
      <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_180px_180px]">
        <Field label="E-mail address" {...(errors.at.email === undefined ? {} : { error: errors.at.email })}>
          <Input autoFocus inputMode="email" value={email} onChange={(event) => setEmail(event.target.value)} />
        </Field>
        <Field label="Role" {...(errors.at.role === undefined ? {} : { error: errors.at.role })}>
          <Select
            options={givableRoles(can).map((one) => ({ value: one, label: roleWords(one) }))}
            value={role}
            onChange={setRole}
          />
        </Field>
        <Field label="Valid for" {...(errors.at.valid_days === undefined ? {} : { error: errors.at.valid_days })}>
          <Select options={VALID} value={valid} onChange={setValid} />
        </Field>
      </div>
      <FormError docs={errors.docs}>{errors.rest}</FormError>
      <div className="flex items-center gap-2 max-md:flex-wrap">
        <p className="flex-1 text-muted text-xs max-md:basis-full">
          It makes a link for this address alone. Nothing is mailed: you send it.
        </p>
        <Button size="lg" kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="lg" kind="primary" type="submit" isBusy={create.isPending}>
          Make the link
        </Button>
      </div>
    </form>
  );
}
