"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { type Names, useNames } from "#components/data/use-names.ts";
import { NewDestinationFields, newDestination } from "#components/destination-drawer/new-destination-fields.tsx";
import { BUCKET_FIELDS } from "#components/destination-drawer/s3-values.ts";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { TextField } from "#components/resource-form/fields.tsx";
import { FormContext } from "#components/resource-form/form-context.ts";
import { useNewForm } from "#components/resource-form/use-new-form.ts";
import type { Values } from "#components/resource-form/values.ts";
import { Button } from "#components/ui/button.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { EndPicker, MADE_HERE } from "./end-picker.tsx";

interface NewConnectionProps {
  sourceId: string | undefined;
  destinationId: string | undefined;
}

const FIELDS = [
  "name",
  "source_id",
  "destination_id",
  "source.name",
  "destination.name",
  "destination.config.url",
  "destination.type",
  ...BUCKET_FIELDS.map((field) => `destination.${field}`),
];
const MAX_NAME = 155;

/** The ends' names, joined, until another name is typed. */
function nameOf(values: Values, { sources, destinations }: Names): string {
  if (values.name !== undefined) return String(values.name);
  const endName = (end: "source" | "destination") =>
    values[`${end}_id`] === MADE_HERE
      ? String(values[`${end}.name`] ?? "")
      : (end === "source" ? sources : destinations).get(String(values[`${end}_id`]))?.name;
  const [from, to] = [endName("source"), endName("destination")];
  return from && to ? `${from}-to-${to}`.slice(0, MAX_NAME) : "";
}

/** What is sent: each end as its id, or as what is made with the connection. */
const sentOf = (values: Values, name: string) => ({
  name,
  ...(values.source_id === MADE_HERE
    ? { source: { name: String(values["source.name"] ?? "") } }
    : { source_id: values.source_id as string | undefined }),
  ...(values.destination_id === MADE_HERE
    ? { destination: newDestination(values, "destination.") }
    : { destination_id: values.destination_id as string | undefined }),
});

/** Makes a connection from one source to one destination, either of which may be made with it, and opens it. */
export function NewConnection({ sourceId, destinationId }: NewConnectionProps) {
  const { open } = useDrawerPlace();
  const names = useNames();
  const queryClient = useQueryClient();
  const given = `${sourceId ?? ""} ${destinationId ?? ""}`;
  const form = useNewForm(`connection ${given}`, { source_id: sourceId, destination_id: destinationId });
  const create = useMutation(
    useTRPC().connections.create.mutationOptions({
      onSuccess({ id }) {
        form.forget();
        for (const kind of ["topology", "sources", "destinations", "connections"]) {
          void queryClient.invalidateQueries({ queryKey: [[kind]] });
        }
        open(id);
      },
    }),
  );
  const name = nameOf(form.values, names);
  const errors = errorsAt(create.error, FIELDS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) create.mutate(sentOf(form.values, name));
  };
  return (
    <DrawerContent title="New connection">
      <form onSubmit={submit} className="grid gap-4 p-4">
        <FormContext value={{ values: { ...form.values, name }, set: form.set, errors }}>
          <EndPicker end="source" named={names.sources} isFocused={sourceId === undefined} />
          {form.values.source_id === MADE_HERE ? (
            <Inline title="New source" about="Of type WEBHOOK; its provider and secret can be set after.">
              <TextField field="source.name" label="Name of the source" />
            </Inline>
          ) : null}
          <EndPicker
            end="destination"
            named={names.destinations}
            isFocused={sourceId !== undefined && destinationId === undefined}
          />
          {form.values.destination_id === MADE_HERE ? (
            <Inline title="New destination" about="Over HTTP it signs with a secret of its own: rotate it to see one.">
              <NewDestinationFields at="destination." />
            </Inline>
          ) : null}
          <TextField field="name" label="Name" />
        </FormContext>
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

const Inline = ({ title, about, children }: { title: string; about: string; children: ReactNode }) => (
  <fieldset className="grid min-w-0 gap-3 border-line-strong border-l-2 pl-3">
    <legend className="sr-only">{title}</legend>
    {children}
    <p className="text-muted text-xs">{about}</p>
  </fieldset>
);
