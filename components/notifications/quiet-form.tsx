"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useReadAt } from "#components/data/read-state.ts";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import type { Notification } from "#server/contracts/notification.ts";

const FIELDS = ["quiet_hours.from", "quiet_hours.until", "quiet_hours.time_zone"] as const;

/** When a channel is told of nothing. */
export function QuietForm({ notification, close }: { notification: Notification; close: () => void }) {
  const { id, name, quiet_hours: saved } = notification;
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [from, setFrom] = useState(saved?.from ?? "22:00");
  const [until, setUntil] = useState(saved?.until ?? "07:00");
  const [zone, setZone] = useState(() => saved?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [isPassing, setPassing] = useState(saved === null || saved.passes === "errors");
  const { readAt: if_updated_at, refused } = useReadAt(notification.updated_at);
  const update = useMutation(
    trpc.notifications.update.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.notifications.pathKey() });
        close();
      },
      onError: refused,
    }),
  );
  const { at, rest } = errorsAt(update.error, FIELDS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const passes = isPassing ? "errors" : "nothing";
    update.mutate({ id, quiet_hours: { from, until, time_zone: zone, passes }, if_updated_at });
  };
  return (
    <form
      aria-label={`Quiet hours of ${name}`}
      onSubmit={submit}
      className="grid basis-full gap-3 border-line border-t py-3"
    >
      <div className="grid grid-cols-[110px_110px_minmax(0,240px)] gap-3 max-md:grid-cols-2">
        <Field label="From" error={at["quiet_hours.from"]}>
          <Input autoFocus value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label="Until" error={at["quiet_hours.until"]}>
          <Input value={until} onChange={(event) => setUntil(event.target.value)} />
        </Field>
        <div className="min-w-0 max-md:col-span-full">
          <Field label="Time zone" error={at["quiet_hours.time_zone"]}>
            <Input value={zone} onChange={(event) => setZone(event.target.value)} />
          </Field>
        </div>
      </div>
      <Checkbox state={isPassing} onChange={setPassing}>
        What waits for a person is told all the same
      </Checkbox>
      <p className="text-muted text-xs">What is kept back is told afterwards, in one message.</p>
      <FormError>{rest}</FormError>
      <div className="flex gap-2">
        <Button type="submit" kind="primary" isBusy={update.isPending}>
          Save quiet hours
        </Button>
        {saved ? (
          <Button isBusy={update.isPending} onClick={() => update.mutate({ id, quiet_hours: null, if_updated_at })}>
            Have none
          </Button>
        ) : null}
        <Button kind="quiet" onClick={close}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
