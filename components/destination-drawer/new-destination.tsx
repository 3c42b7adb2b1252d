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

/** Makes a destination and opens it, or goes on to connect the source that it was made for. */
export function NewDestination({ sourceId }: { sourceId: string | undefined }) {
  const { open, openNew } = useDrawerPlace();
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const create = useMutation(
    useTRPC().destinations.create.mutationOptions({
      onSuccess: ({ id }) =>
        sourceId === undefined ? open(id) : openNew("connection", { source: sourceId, destination: id }),
    }),
  );
  const errors = errorsAt(create.error, ["name", "config.url"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name, config: { url } });
  };
  return (
    <DrawerContent title="New destination">
      <form onSubmit={submit} className="grid gap-4 p-4">
        <Field label="Name" error={errors.at.name}>
          <Input autoFocus value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="URL" error={errors.at["config.url"]}>
          <Input isMono value={url} onChange={(event) => setUrl(event.target.value)} />
        </Field>
        <FormError docs={errors.docs}>{errors.rest}</FormError>
        <div>
          <Button type="submit" kind="primary" size="lg" isBusy={create.isPending}>
            Make the destination
          </Button>
        </div>
      </form>
    </DrawerContent>
  );
}
