"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { useNames } from "#components/lists/use-names.ts";
import { FormError } from "#components/settings/form-error.tsx";
import { Button } from "#components/ui/button.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

interface NewConnectionProps {
  sourceId: string | undefined;
  destinationId: string | undefined;
}

const optionsOf = (named: ReadonlyMap<string, { name: string }>) =>
  [...named].map(([value, { name }]) => ({ value, label: name })).toSorted((a, b) => a.label.localeCompare(b.label));

/** Makes a connection from one source to one destination, and opens it. */
export function NewConnection(given: NewConnectionProps) {
  const { open } = useDrawerPlace();
  const names = useNames();
  const [sourceId, setSourceId] = useState(given.sourceId);
  const [destinationId, setDestinationId] = useState(given.destinationId);
  const [typedName, setTypedName] = useState<string>();
  const create = useMutation(useTRPC().connections.create.mutationOptions({ onSuccess: ({ id }) => open(id) }));
  const errors = errorsAt(create.error, ["name", "source_id", "destination_id"]);
  const ends = [names.sources.get(sourceId ?? ""), names.destinations.get(destinationId ?? "")];
  const name = typedName ?? ends.flatMap((end) => end?.name ?? []).join("-");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name, source_id: sourceId, destination_id: destinationId });
  };
  return (
    <DrawerContent title="New connection">
      <form onSubmit={submit} className="grid gap-4 p-4">
        <Field label="Source" error={errors.at.source_id}>
          <Combobox
            options={optionsOf(names.sources)}
            value={sourceId}
            onChange={setSourceId}
            searchLabel="Find a source"
          />
        </Field>
        <Field label="Destination" error={errors.at.destination_id}>
          <Combobox
            options={optionsOf(names.destinations)}
            value={destinationId}
            onChange={setDestinationId}
            searchLabel="Find a destination"
          />
        </Field>
        <Field label="Name" error={errors.at.name}>
          <Input value={name} onChange={(event) => setTypedName(event.target.value)} />
        </Field>
        <FormError docs={errors.docs}>{errors.rest}</FormError>
        <div>
          <Button type="submit" kind="primary" size="lg" isBusy={create.isPending}>
            Make the connection
          </Button>
        </div>
      </form>
    </DrawerContent>
  );
}
