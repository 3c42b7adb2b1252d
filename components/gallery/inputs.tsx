"use client";

import { useState } from "react";
import { Combobox } from "#components/ui/combobox.tsx";
import { StateBadge } from "#components/ui/event-state.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { SecretInput } from "#components/ui/secret-input.tsx";
import { Select } from "#components/ui/select.tsx";
import { showToast } from "#components/ui/toasts.ts";
import { Section } from "./section.tsx";

const DESTINATIONS = [
  { value: "des_1", label: "orders-api" },
  { value: "des_2", label: "billing-ledger", note: <StateBadge state="HOLD">Breaker open</StateBadge> },
  { value: "des_3", label: "crm-sync" },
];
const METHODS = [
  { value: "AS_RECEIVED", label: "As received" },
  { value: "POST", label: "POST" },
  { value: "PUT", label: "PUT" },
  { value: "TRACE", label: "TRACE", isDisabled: true },
] as const;

export function Inputs() {
  const [name, setName] = useState("stripe-orders");
  const [secret, setSecret] = useState<string | undefined>();
  const [destination, setDestination] = useState("des_1");
  const [method, setMethod] = useState<(typeof METHODS)[number]["value"]>("AS_RECEIVED");
  return (
    <Section title="Inputs">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" help="Letters, digits, dot, dash and underscore.">
          <Input value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Name, focused">
          <Input data-show="focus" defaultValue="stripe-ord" />
        </Field>
        <Field label="URL, refused" error="A private address. Allow it in EGRESS_ALLOW, or use a public one.">
          <Input isMono defaultValue="http://10.0.0.7/hook" />
        </Field>
        <Field label="Secret, write-only">
          <SecretInput masked="whsec_…f3a9" value={secret} onChange={setSecret} />
        </Field>
        <Field label="Destination">
          <Combobox
            options={DESTINATIONS}
            value={destination}
            onChange={setDestination}
            searchLabel="Find a destination"
            action={{ label: "New destination", run: () => showToast({ text: "A new destination opens here." }) }}
          />
        </Field>
        <Field label="Method">
          <Select options={METHODS} value={method} onChange={setMethod} />
        </Field>
        <Field label="Disabled">
          <Input disabled placeholder="set by the provider preset" />
        </Field>
        <Field label="Empty">
          <Input placeholder="https://example.com/hooks" isMono />
        </Field>
        <div className="sm:col-span-2">
          <Field label="Description" help="What a colleague should know at two in the morning.">
            <Textarea defaultValue="Orders of the shop in the north. Ask the billing team before a replay." rows={2} />
          </Field>
        </div>
      </div>
    </Section>
  );
}
