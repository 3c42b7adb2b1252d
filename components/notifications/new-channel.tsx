"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { NotificationChannel } from "#server/contracts/notification.ts";
import { CHANNELS } from "./channel-words.ts";
import { MailAddresses } from "./mail-addresses.tsx";

const OPTIONS = (Object.keys(CHANNELS) as NotificationChannel[]).map((value) => ({
  value,
  label: CHANNELS[value].label,
}));
/** A place is refused as that of the destination, too. */
const FIELDS = [
  "name",
  "url",
  "destination.config.url",
  "routing_key",
  "addresses",
  "destination.config.to",
  "destination.type",
] as const;

/** A destination and a connection of its own, made in one step. */
export function NewChannel({ close }: { close: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [channel, setChannel] = useState<NotificationChannel>("webhook");
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [routingKey, setRoutingKey] = useState("");
  const [addresses, setAddresses] = useState<readonly string[]>([]);
  const create = useMutation(
    trpc.notifications.create.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: trpc.notifications.pathKey() });
        close();
      },
    }),
  );
  const { at, rest, docs } = errorsAt(create.error, FIELDS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (channel === "email") return create.mutate({ name, channel, addresses: [...addresses] });
    const key = channel === "pager" ? { routing_key: routingKey } : {};
    create.mutate({ name, channel, ...(url !== "" && { url }), ...key });
  };
  return (
    <form
      aria-label="New channel"
      onSubmit={submit}
      className="mb-4 grid gap-3.5 rounded-lg border border-line bg-surface p-4"
    >
      <h3 className="font-semibold tracking-tight">New channel</h3>
      <div>
        <Segmented label="How it is told" options={OPTIONS} value={channel} onChange={setChannel} />
      </div>
      <Field label="Name" error={at.name}>
        <Input autoFocus required maxLength={155} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      {channel === "email" ? (
        <MailAddresses chosen={addresses} onChoose={setAddresses} />
      ) : (
        <Field label="URL" help={CHANNELS[channel].help} error={at.url ?? at["destination.config.url"]}>
          <Input
            type="url"
            required={channel !== "pager"}
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            placeholder="https://"
          />
        </Field>
      )}
      {channel === "pager" ? (
        <Field label="Integration key" help="Encrypted at rest, and never shown again." error={at.routing_key}>
          <Input
            required
            autoComplete="off"
            value={routingKey}
            onChange={(event) => setRoutingKey(event.target.value)}
          />
        </Field>
      ) : null}
      <FormError docs={docs}>{rest ?? at.addresses ?? at["destination.config.to"] ?? at["destination.type"]}</FormError>
      <div className="flex justify-end gap-2">
        <Button size="lg" kind="quiet" onClick={close}>
          Cancel
        </Button>
        <Button
          type="submit"
          kind="primary"
          size="lg"
          isBusy={create.isPending}
          disabled={channel === "email" && addresses.length === 0}
        >
          Add the channel
        </Button>
      </div>
    </form>
  );
}
