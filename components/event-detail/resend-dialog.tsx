"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useNames } from "#components/data/use-names.ts";
import { Button } from "#components/ui/button.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { EventDetail } from "#server/contracts/event.ts";

interface ResendDialogProps {
  event: EventDetail;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Asks where a debug copy of an event is to go. */
export const ResendDialog = ({ event, isOpen, onOpenChange }: ResendDialogProps) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={onOpenChange}
    size="sm"
    title="Send a debug copy"
    description="The same request goes to another destination once, as an event of its own that is marked. This event, its connection and their numbers stay as they are."
  >
    <ResendForm event={event} close={() => onOpenChange(false)} />
  </Dialog>
);

function ResendForm({ event, close }: { event: EventDetail; close: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const router = useRouter();
  const { destinations } = useNames();
  const [chosen, setChosen] = useState<string>();
  const resend = useMutation(
    trpc.events.resend.mutationOptions({
      onSuccess: (copy) => {
        close();
        void client.invalidateQueries({ queryKey: trpc.requests.branches.queryKey() });
        void client.invalidateQueries({ queryKey: ["list-head"] });
        showToast({
          kind: "done",
          text: `A debug copy goes to ${destinations.get(copy.destination_id)?.name ?? copy.destination_id}.`,
          action: { label: "Open it", run: () => router.push(`/events/${copy.id}`) },
        });
      },
    }),
  );
  const { at, rest } = errorsAt(resend.error, ["destination_id"]);
  const error = at.destination_id ?? rest;
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    if (chosen !== undefined && !resend.isPending) resend.mutate({ id: event.id, destination_id: chosen });
  };
  const options = [...destinations]
    .map(([value, { name }]) => ({ value, label: name }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <form onSubmit={submit} className="grid gap-3.5">
      <Field
        label="Destination"
        {...(error === undefined
          ? { help: "Signed and limited as that one asks. It is not retried and leaves no dead letter." }
          : { error })}
      >
        <Combobox options={options} value={chosen} onChange={setChosen} searchLabel="Find a destination" />
      </Field>
      <div className="flex justify-end gap-2 max-md:flex-col-reverse">
        <Button size="lg" onClick={close}>
          Cancel
        </Button>
        <Button size="lg" kind="primary" type="submit" isBusy={resend.isPending} disabled={chosen === undefined}>
          Send the copy
        </Button>
      </div>
    </form>
  );
}
