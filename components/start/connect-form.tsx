"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { Source } from "#server/contracts/source.ts";

const KINDS = [
  { value: "mock", label: "A mock" },
  { value: "url", label: "A URL" },
] as const;
type Kind = (typeof KINDS)[number]["value"];

const ECHO = `node -e "require('http').createServer((q, s) => { console.log(q.method, q.headers['webhook-id']); s.end('ok') }).listen(4000, '127.0.0.1')"`;

interface ConnectFormProps {
  source: Source;
  /** What has arrived: it is delivered with the connection. */
  request: RequestSummary;
  onConnecting(): void;
  onConnected(): void;
}

/** Says where the first webhook goes, and sends the one that has arrived there. */
export function ConnectForm({ source, request, onConnecting, onConnected }: ConnectFormProps) {
  const trpc = useTRPC();
  const [kind, setKind] = useState<Kind>("mock");
  const [url, setUrl] = useState("");
  const deliver = useMutation(trpc.requests.retry.mutationOptions({ onSettled: onConnected }));
  const connect = useMutation(
    trpc.connections.create.mutationOptions({
      onSuccess: ({ id }) => deliver.mutate({ id: request.id, connection_ids: [id] }),
    }),
  );
  const errors = errorsAt(connect.error, ["destination.config.url"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onConnecting();
    const destination =
      kind === "mock" ? { name: "first-mock", type: "MOCK" as const } : { name: "first-receiver", config: { url } };
    connect.mutate({ name: `${source.name}-first`, source_id: source.id, destination });
  };
  return (
    <form onSubmit={submit} className="grid gap-3" noValidate>
      <p className="text-muted">Where should it go?</p>
      <div>
        <Segmented label="Kind of destination" options={KINDS} value={kind} onChange={setKind} />
      </div>
      {kind === "mock" ? (
        <p className="text-muted text-xs">It sends nothing, and answers 200 within the limits of a real one.</p>
      ) : (
        <>
          <Field label="URL" error={errors.at["destination.config.url"]}>
            <Input isMono value={url} placeholder="https://" onChange={(event) => setUrl(event.target.value)} />
          </Field>
          <Echo onUse={() => setUrl("http://127.0.0.1:4000/")} />
        </>
      )}
      <FormError docs={errors.docs}>{errors.rest ?? deliver.error?.message}</FormError>
      <div>
        <Button type="submit" kind="primary" size="lg" isBusy={connect.isPending || deliver.isPending}>
          Connect and deliver it
        </Button>
      </div>
    </form>
  );
}

const Echo = ({ onUse }: { onUse(): void }) => (
  <div className="text-muted text-xs">
    No receiver at hand? Run one that prints what it gets{" "}
    <CopyButton text={ECHO} what="command of a receiver" className="align-middle" /> and{" "}
    <button type="button" className="rounded-xs text-ink underline underline-offset-2" onClick={onUse}>
      send to it
    </button>
    , where the gateway may reach this machine.
  </div>
);
