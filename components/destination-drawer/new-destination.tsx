"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { FormContext } from "#components/resource-form/form-context.ts";
import { useNewForm } from "#components/resource-form/use-new-form.ts";
import { ShownOnce } from "#components/settings/shown-once.tsx";
import { Button } from "#components/ui/button.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import type { Destination } from "#server/contracts/destination.ts";
import { NewDestinationFields, newDestination } from "./new-destination-fields.tsx";
import { BUCKET_FIELDS } from "./s3-values.ts";

/** The secret that was made with it: this answer alone shows it. */
function madeSecret({ config }: Destination): string | undefined {
  const secret = "auth" in config ? config.auth.signing_secret : undefined;
  return typeof secret === "string" ? secret : undefined;
}

/** Makes a destination and opens it, or goes on to connect the source that it was made for. */
export function NewDestination({ sourceId }: { sourceId: string | undefined }) {
  const { open, openNew } = useDrawerPlace();
  const queryClient = useQueryClient();
  const form = useNewForm("destination", { name: "", type: "HTTP", "config.url": "" });
  const [made, setMade] = useState<Destination>();
  const goOn = ({ id }: Destination) =>
    sourceId === undefined ? open(id) : openNew("connection", { source: sourceId, destination: id });
  const create = useMutation(
    useTRPC().destinations.create.mutationOptions({
      onSuccess(destination) {
        form.forget();
        for (const kind of ["topology", "destinations"]) void queryClient.invalidateQueries({ queryKey: [[kind]] });
        if (madeSecret(destination) === undefined) goOn(destination);
        else setMade(destination);
      },
    }),
  );
  if (made) {
    return (
      <DrawerContent title={made.name}>
        <div className="p-4">
          <ShownOnce
            title={`${made.name} is made. Copy its signing secret now: it cannot be shown again.`}
            secret={madeSecret(made) ?? ""}
            tryIt="The receiver checks with it that a delivery comes from here, whole and fresh."
            onDone={() => goOn(made)}
          />
        </div>
      </DrawerContent>
    );
  }
  const errors = errorsAt(create.error, ["name", "config.url", "type", ...BUCKET_FIELDS]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) create.mutate(newDestination(form.values));
  };
  return (
    <DrawerContent title="New destination">
      <form onSubmit={submit} className="grid gap-4 p-4">
        <FormContext value={{ values: form.values, set: form.set, errors }}>
          <NewDestinationFields />
        </FormContext>
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
