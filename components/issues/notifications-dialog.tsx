"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Notification, NotificationChannel } from "#server/contracts/notification.ts";

const CHANNELS: readonly { value: NotificationChannel; label: string }[] = [
  { value: "webhook", label: "Webhook" },
  { value: "chat", label: "Chat" },
  { value: "pager", label: "Pager" },
];
const HELPS: Record<NotificationChannel, string> = {
  webhook: "Signed as every delivery, and tried again like one.",
  chat: "The URL of an incoming webhook of Slack, or of what takes the same. Of it the host alone is shown again.",
  pager: "Takes events as PagerDuty does. Left empty: PagerDuty itself.",
};

/** The address is refused as that of the destination, too. */
const FIELDS = ["name", "url", "destination.config.url", "routing_key"] as const;

interface NotificationsDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  mayWrite: boolean;
}

/** Who is told of issues, a test of each, and one more. */
export function NotificationsDialog({ isOpen, onOpenChange, mayWrite }: NotificationsDialogProps) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.notifications.list.queryOptions({}, { enabled: isOpen }));
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Notifications"
      description="Whom an issue tells when it opens and when it ends. Each goes out as a delivery, with its retries and its evidence, and holds nothing of a payload."
    >
      <div className="grid gap-4 pb-1">
        {error ? (
          <p role="alert" className="text-failed">
            {error.message}
          </p>
        ) : null}
        {data && data.data.length > 0 ? (
          <ul className="grid border-line border-y">
            {data.data.map((one) => (
              <Row key={one.id} notification={one} mayWrite={mayWrite} />
            ))}
          </ul>
        ) : data ? (
          <p className="text-muted">Nobody is told yet.</p>
        ) : null}
        {mayWrite ? <NewNotification /> : null}
      </div>
    </Dialog>
  );
}

function Row({ notification, mayWrite }: { notification: Notification; mayWrite: boolean }) {
  const { id, name, kinds, paused_at, disabled_at } = notification;
  const trpc = useTRPC();
  const test = useMutation(
    trpc.notifications.test.mutationOptions({
      onSuccess: () => showToast({ text: `A test is on its way to ${name}`, kind: "done" }),
      onError: (error) => showToast({ text: error.message, kind: "failed" }),
    }),
  );
  const state = disabled_at ? "Disabled" : paused_at ? "Paused" : null;
  return (
    <li className="flex flex-wrap items-center gap-2 border-line border-t py-2 first:border-t-0">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{name}</span>
        <span className="block text-muted text-xs">
          {kinds === null ? "All kinds of issues" : `${kinds.length} kinds of issues`}
          {state ? `. ${state}.` : ""}
        </span>
      </span>
      <LinkButton size="sm" href={`/connections?panel=${id}`}>
        Open
      </LinkButton>
      {mayWrite ? (
        <Button
          size="sm"
          aria-label={`Send a test to ${name}`}
          isBusy={test.isPending}
          onClick={() => test.mutate({ id })}
        >
          Send a test
        </Button>
      ) : null}
    </li>
  );
}

function NewNotification() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [channel, setChannel] = useState<NotificationChannel>("webhook");
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [routingKey, setRoutingKey] = useState("");
  const create = useMutation(
    trpc.notifications.create.mutationOptions({
      onSuccess: () => {
        setName("");
        setUrl("");
        setRoutingKey("");
        void queries.invalidateQueries({ queryKey: trpc.notifications.pathKey() });
      },
    }),
  );
  const errors = errorsAt(create.error, FIELDS);
  const urlError = errors.at.url ?? errors.at["destination.config.url"];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = url === "" ? {} : { url };
    const key = channel === "pager" ? { routing_key: routingKey } : {};
    create.mutate({ name, channel, ...address, ...key });
  };
  return (
    <form className="grid gap-3" onSubmit={submit}>
      <h3 className="font-semibold text-sm">Tell one more</h3>
      <div>
        <Segmented label="How it is told" options={CHANNELS} value={channel} onChange={setChannel} />
      </div>
      <Field label="Name" error={errors.at.name}>
        <Input required maxLength={155} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="URL" help={HELPS[channel]} error={urlError}>
        <Input
          type="url"
          required={channel !== "pager"}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
          placeholder="https://"
        />
      </Field>
      {channel === "pager" ? (
        <Field label="Integration key" help="Encrypted at rest, and never shown again." error={errors.at.routing_key}>
          <Input
            required
            autoComplete="off"
            value={routingKey}
            onChange={(event) => setRoutingKey(event.target.value)}
          />
        </Field>
      ) : null}
      <FormError docs={errors.docs}>{errors.rest}</FormError>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" size="lg" isBusy={create.isPending}>
          Add the notification
        </Button>
      </div>
    </form>
  );
}
