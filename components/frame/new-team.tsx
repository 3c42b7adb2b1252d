"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { goToTeam } from "#components/door/team-cookie.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

interface NewTeamProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

export function NewTeam({ isOpen, onOpenChange }: NewTeamProps) {
  const [name, setName] = useState("");
  const trpc = useTRPC();
  const create = useMutation(trpc.teams.create.mutationOptions({ onSuccess: ({ id }) => goToTeam(id) }));
  const errors = errorsAt(create.error, ["name"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name });
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="New team"
      description="It shares nothing with this one: sources, events, keys and people are its own. You own it."
    >
      <form className="grid gap-3.5" onSubmit={submit}>
        <Field label="Name" error={errors.at.name ?? errors.rest}>
          <Input required maxLength={155} value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <div className="flex justify-end gap-2 pb-1">
          <Button size="lg" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" size="lg" isBusy={create.isPending}>
            Make the team
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
