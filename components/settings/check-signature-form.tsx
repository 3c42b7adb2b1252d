"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { CheckedSignature } from "#server/contracts/check-signature.ts";
import type { SignedDestination } from "./signed-destinations.ts";

const EMPTY = { webhook_id: "", webhook_timestamp: "", signature: "", body: "" };
type Pasted = typeof EMPTY;
const FIELDS = ["id", "webhook_id", "webhook_timestamp", "signature", "body"] as const;

/** What a receiver got, pasted; the answer says which part does not fit. */
export function CheckSignatureForm({ destinations }: { destinations: readonly SignedDestination[] }) {
  const trpc = useTRPC();
  const [id, setId] = useState(destinations[0]?.id);
  const [pasted, setPasted] = useState<Pasted>(EMPTY);
  const check = useMutation(trpc.destinations.checkSignature.mutationOptions());
  const chosen = destinations.find((destination) => destination.id === id) ?? destinations[0];
  if (!chosen) return null;
  const isStandard = chosen.config.auth_type === "SWITCHYARD_SIGNATURE";
  const header = isStandard ? "webhook-signature" : String(chosen.config.auth.header ?? "signature");
  const { at, rest } = errorsAt(check.error, FIELDS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!check.isPending) check.mutate({ id: chosen.id, ...pasted });
  };
  const field = (name: keyof Pasted) => ({
    value: pasted[name],
    onChange: ({ target }: { target: { value: string } }) => setPasted({ ...pasted, [name]: target.value }),
  });
  const errorOf = (name: (typeof FIELDS)[number]) => (at[name] === undefined ? {} : { error: at[name] });
  return (
    <form
      aria-label="Check a signature"
      onSubmit={submit}
      className="grid gap-2.5 border-line border-t px-4 pt-3 pb-3.5"
    >
      <div>
        <h3 className="font-medium">Check a signature</h3>
        <p className="text-muted text-xs">Paste what a receiver got: it says which part does not fit.</p>
      </div>
      <Field label="Destination" {...errorOf("id")}>
        <Select
          options={destinations.map((one) => ({ value: one.id, label: one.name }))}
          value={chosen.id}
          onChange={setId}
        />
      </Field>
      {isStandard ? (
        <div className="grid gap-2.5 md:grid-cols-2">
          <Field label="webhook-id" {...errorOf("webhook_id")}>
            <Input isMono {...field("webhook_id")} />
          </Field>
          <Field label="webhook-timestamp" {...errorOf("webhook_timestamp")}>
            <Input isMono {...field("webhook_timestamp")} />
          </Field>
        </div>
      ) : null}
      <Field label={header} {...errorOf("signature")}>
        <Input isMono {...field("signature")} />
      </Field>
      <Field label="Body" {...errorOf("body")}>
        <Textarea isMono rows={3} {...field("body")} />
      </Field>
      <FormError>{rest}</FormError>
      <div>
        <Button size="lg" type="submit" isBusy={check.isPending}>
          Check
        </Button>
      </div>
      <div aria-live="polite">{check.data ? <Verdict checked={check.data} /> : null}</div>
    </form>
  );
}

const Verdict = ({ checked }: { checked: CheckedSignature }) => (
  <div className="grid gap-1 text-xs">
    <ul>
      {checked.parts.map(({ part, is_good, says }) => (
        <li key={part} className="flex gap-1.5">
          <Icon
            name={is_good ? "check" : "close"}
            size={12}
            className={cn("mt-0.5", is_good ? "text-delivered" : "text-failed")}
          />
          <span>
            <span className="sr-only">{is_good ? "Good: " : "Wrong: "}</span>
            {says}
          </span>
        </li>
      ))}
    </ul>
    <p className="font-medium">{checked.says}</p>
  </div>
);
