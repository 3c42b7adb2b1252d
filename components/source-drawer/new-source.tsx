"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { FormError } from "#components/settings/form-error.tsx";
import { Button } from "#components/ui/button.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

/** Makes a source and opens it. */
export function NewSource() {
  const { open } = useDrawerPlace();
  const [name, setName] = useState("");
  const create = useMutation(useTRPC().sources.create.mutationOptions({ onSuccess: ({ id }) => open(id) }));
  const errors = errorsAt(create.error, ["name"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name });
  };
  return (
    <DrawerContent title="New source">
      <form onSubmit={submit} className="grid gap-4 p-4">
        <Field label="Name" error={errors.at.name}>
          <Input value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <FormError>{errors.rest}</FormError>
        <div>
          <Button type="submit" kind="primary" size="lg" isBusy={create.isPending}>
            Make the source
          </Button>
        </div>
      </form>
    </DrawerContent>
  );
}
