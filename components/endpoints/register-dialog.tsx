"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { RegisteredEndpoint } from "#server/contracts/endpoint.ts";

const LEASES = [
  { value: "none", label: "No lease" },
  { value: "300", label: "5 min" },
  { value: "900", label: "15 min" },
  { value: "3600", label: "1 h" },
  { value: "86400", label: "1 day" },
] as const;
type LeaseLength = (typeof LEASES)[number]["value"];

interface RegisterDialogProps {
  isOpen: boolean;
  close: () => void;
  onMade: (id: string) => void;
}

/** Registers a consumer as its own call would, and shows its key and secret this once. */
export function RegisterDialog({ isOpen, close, onMade }: RegisterDialogProps) {
  const [made, setMade] = useState<RegisteredEndpoint>();
  const leave = () => {
    if (made) onMade(made.id);
    setMade(undefined);
    close();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => (next ? undefined : leave())}
      title={made ? "It is registered" : "Register an endpoint"}
      description={
        made
          ? "Key and secret are shown this once: the key renews, changes and removes this endpoint, the secret verifies what it gets."
          : "Its events go to exactly this URL, from every source of the team."
      }
    >
      {made ? <Once made={made} done={leave} /> : <Form onMade={setMade} cancel={leave} />}
    </Dialog>
  );
}

function Form({ onMade, cancel }: { onMade: (made: RegisteredEndpoint) => void; cancel: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [url, setUrl] = useState("");
  const [types, setTypes] = useState("*");
  const [lease, setLease] = useState<LeaseLength>("none");
  const [verify, setVerify] = useState(false);
  const create = useMutation(
    trpc.endpoints.create.mutationOptions({
      onSuccess(made) {
        void queries.invalidateQueries({ queryKey: [["endpoints"]] });
        onMade(made);
      },
    }),
  );
  const errors = errorsAt(create.error, ["url", "eventTypes"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (create.isPending) return;
    const eventTypes = types.split(/[\s,]+/).filter((each) => each !== "");
    create.mutate({ url: url.trim(), eventTypes, verify, ttl: lease === "none" ? null : Number(lease) });
  };
  return (
    <form onSubmit={submit} className="grid gap-3.5">
      <Field label="URL" {...(errors.at.url === undefined ? {} : { error: errors.at.url })}>
        <Input
          autoFocus
          isMono
          placeholder="https://agent.example.com/hooks"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
      </Field>
      <Field
        label="Event types"
        help="Globs with commas between them: payment.*, refund.created"
        {...(errors.at.eventTypes === undefined ? {} : { error: errors.at.eventTypes })}
      >
        <Input isMono value={types} onChange={(event) => setTypes(event.target.value)} />
      </Field>
      <Field label="Lease" help="With one it has to renew, or it is held and then removed">
        <Select options={LEASES} value={lease} onChange={setLease} />
      </Field>
      <Checkbox state={verify} onChange={(isOn) => setVerify(isOn)}>
        Hold its events until the URL has answered a challenge
      </Checkbox>
      <FormError docs={errors.docs}>{errors.rest}</FormError>
      <div className="flex justify-end gap-2 max-md:flex-col-reverse">
        <Button size="lg" onClick={cancel}>
          Cancel
        </Button>
        <Button size="lg" kind="primary" type="submit" isBusy={create.isPending}>
          Register
        </Button>
      </div>
    </form>
  );
}

function Once({ made, done }: { made: RegisteredEndpoint; done: () => void }) {
  return (
    <div className="grid gap-3">
      {made.is_new ? null : (
        <p className="text-muted text-xs">It was registered before: this call renewed it, and its secret stays.</p>
      )}
      <Secret name="Key" text={made.key} />
      {made.secret === null ? null : <Secret name="Signing secret" text={made.secret} />}
      {made.verification && made.verification.state !== "confirmed" ? (
        <p className="text-hold text-xs">
          {made.verification.detail ?? "It was not asked yet."} Its events are held until it is.
        </p>
      ) : null}
      <div className="flex justify-end">
        <Button size="lg" kind="primary" onClick={done}>
          I have both
        </Button>
      </div>
    </div>
  );
}

const Secret = ({ name, text }: { name: string; text: string }) => (
  <div className="grid gap-1">
    <span className="font-medium text-ink-2 text-xs">{name}</span>
    <span className="flex items-center gap-2 rounded-md bg-inset px-2.5 py-1">
      <code className="min-w-0 flex-1 font-mono text-xs [overflow-wrap:anywhere]">{text}</code>
      <CopyButton text={text} what={name.toLowerCase()} />
    </span>
  </div>
);
