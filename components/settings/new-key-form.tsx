"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ApiKeyScope, CreatedApiKey } from "#server/contracts/api-key.ts";
import type { Capability } from "#server/contracts/capability.ts";
import { capabilityWords, NARROWED_TO } from "./capability-words.ts";

const DAY_MS = 86_400_000;
const ENDS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
] as const;
type Ends = (typeof ENDS)[number]["value"];

const SCOPES = [
  { value: "read", label: "Read", about: "Lists, single items, metrics" },
  { value: "write", label: "Write", about: "Also make, change, retry, replay" },
] as const;

const endOf = (ends: Ends) =>
  ends === "never" ? {} : { expires_at: new Date(Date.now() + Number(ends) * DAY_MS).toISOString() };

interface NewKeyFormProps {
  /** What the maker may do: a key may do no more. */
  can: readonly Capability[];
  onMade: (key: CreatedApiKey) => void;
  onCancel: () => void;
}

export function NewKeyForm({ can, onMade, onCancel }: NewKeyFormProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [ends, setEnds] = useState<Ends>("90");
  const [scope, setScope] = useState<ApiKeyScope>("read");
  const [narrowed, setNarrowed] = useState<Capability[]>([]);
  const create = useMutation(
    trpc.apiKeys.create.mutationOptions({
      onSuccess(made) {
        void queryClient.invalidateQueries({ queryKey: trpc.apiKeys.list.queryKey() });
        onMade(made);
      },
    }),
  );
  const errors = errorsAt(create.error, ["name", "expires_at", "capabilities"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (create.isPending) return;
    const capabilities = scope === "write" && narrowed.length > 0 ? { capabilities: narrowed } : {};
    create.mutate({ name, scope, ...endOf(ends), ...capabilities });
  };
  return (
    <form
      aria-label="New key"
      onSubmit={submit}
      className="mb-4 grid gap-3.5 rounded-lg border border-line bg-surface p-4"
    >
      <h3 className="font-semibold tracking-tight">New key</h3>
      <div className="grid gap-4 md:grid-cols-2">
        <Field label="Name" {...(errors.at.name === undefined ? {} : { error: errors.at.name })}>
          <Input autoFocus value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Ends after" {...(errors.at.expires_at === undefined ? {} : { error: errors.at.expires_at })}>
          <Select options={ENDS} value={ends} onChange={setEnds} />
        </Field>
      </div>
      <RadioCards label="May" options={SCOPES} value={scope} onChange={setScope} />
      {scope === "write" ? <NarrowTo can={can} chosen={narrowed} onChange={setNarrowed} /> : null}
      <FormError docs={errors.docs}>{errors.rest ?? errors.at.capabilities}</FormError>
      <div className="flex items-center gap-2 max-md:flex-wrap">
        <p className="flex-1 text-muted text-xs max-md:basis-full">It may never do more than you may.</p>
        <Button size="lg" kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="lg" kind="primary" type="submit" isBusy={create.isPending}>
          Make the key
        </Button>
      </div>
    </form>
  );
}

interface NarrowToProps {
  can: readonly Capability[];
  chosen: readonly Capability[];
  onChange: (chosen: Capability[]) => void;
}

const NarrowTo = ({ can, chosen, onChange }: NarrowToProps) => (
  <fieldset className="grid gap-[5px]">
    <legend className="mb-[5px] font-medium text-ink-2 text-xs">
      Only to <span className="font-normal text-muted">(none chosen: everything that you may)</span>
    </legend>
    <div className="flex flex-wrap gap-x-4 gap-y-1.5">
      {NARROWED_TO.filter((each) => can.includes(each)).map((each) => (
        <Checkbox
          key={each}
          state={chosen.includes(each)}
          onChange={(isOn) => onChange(isOn ? [...chosen, each] : chosen.filter((other) => other !== each))}
        >
          {capabilityWords(each)}
        </Checkbox>
      ))}
    </div>
  </fieldset>
);
