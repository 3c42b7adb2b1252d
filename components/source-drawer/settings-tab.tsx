"use client";

import type { ReactNode } from "react";
import { useMay } from "#components/data/may.tsx";
import { counted } from "#components/graph-drawer/affected.ts";
import { LongTextField, SentenceErrors, SwitchRow, TextField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { RateWords } from "#components/resource-form/rate-words.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import { PROVIDER_TYPES, PROVIDERS } from "#server/contracts/provider.ts";
import type { Source, SourceAuthType, SourceType } from "#server/contracts/source.ts";
import { AUTH_FORMS, type AuthField, secretFieldOf } from "./auth-fields.ts";
import { AuthInput } from "./auth-inputs.tsx";
import { METHODS } from "./source-fields.ts";
import { kindOf } from "./source-kinds.ts";
import { DeleteSource, DuplicateSource } from "./source-rows.tsx";
import type { useSourceActs } from "./use-source.ts";

interface SettingsTabProps {
  source: Source;
  acts: ReturnType<typeof useSourceActs>;
  /** Webhooks a minute. */
  perMinute: number;
  onSecrets: () => void;
}

/** Every field of a source with its words, and what can be done with the whole of it. */
export function SettingsTab({ source, acts, perMinute, onSecrets }: SettingsTabProps) {
  const mayWrite = useMay("source.write");
  const rate = Math.round(perMinute);
  // What is published comes by the API, which has its own method and answer.
  const isPublished = useFormField("type").value === "PUBLISH";
  return (
    <fieldset disabled={!mayWrite} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4 p-4">
      <legend className="sr-only">Settings of {source.name}</legend>
      <TextField field="name" label="Name" />
      <LongTextField field="description" label="Description" placeholder="What is this for?" />
      <ProofFields source={source} onSecrets={onSecrets} />
      {isPublished ? null : <MethodsField />}
      <DuplicatesRow />
      <TextField
        field="config.body_limit_bytes"
        label="Largest body"
        help="At most 10 MiB, in MiB, KiB or bytes. A larger one gets 413."
      />
      <LimitWords />
      <LongTextField
        field="config.masked_paths"
        label="Masked"
        help="Paths, one a line. What stands there in requests from now on is shown to nobody, and replaced where it is stored when all their events have ended. Until then it is delivered as it came."
        placeholder="body.card.number"
        isMono
        rows={3}
      />
      {isPublished ? null : <AnswerFields />}
      <div className="grid gap-4 border-line border-t pt-4">
        <SwitchRow
          title="Enabled"
          about={
            rate > 0 && source.disabled_at === null
              ? `Off: ${counted(rate, "webhook")} a minute get 403 at the door.`
              : "Off: what comes gets 403 at the door."
          }
          isOn={source.disabled_at === null}
          onChange={(isOn) => void (isOn ? acts.enable() : acts.disable())}
          isDisabled={!mayWrite}
        />
        {mayWrite ? <DuplicateSource source={source} /> : null}
        <DeleteSource source={source} perMinute={rate} />
      </div>
    </fieldset>
  );
}

const TYPES: readonly { value: SourceType; label: string }[] = [
  { value: "WEBHOOK", label: "Any other sender" },
  { value: "PUBLISH", label: "Your own services" },
  ...PROVIDER_TYPES.map((value) => ({ value, label: PROVIDERS[value].title })),
];
const OPEN_PROOFS: readonly SourceAuthType[] = ["NONE", "HMAC", "STANDARD_WEBHOOKS", "API_KEY", "BASIC_AUTH"];

/** Who sends, and how that is proved. Another provider brings its own proof with it. */
function ProofFields({ source, onSecrets }: { source: Source; onSecrets: () => void }) {
  const type = useFormField("type");
  const proof = useFormField("config.auth_type");
  const typeNow = type.value as SourceType;
  const proofNow = proof.value as SourceAuthType;
  const proofs = [...new Set([...ownProofs(typeNow), proofNow])];
  const isSaved = proofNow === source.config.auth_type;
  const rotated = secretFieldOf(proofNow)?.name;
  return (
    <>
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <Field label="Provider" error={type.error}>
          <Select
            options={TYPES}
            value={typeNow}
            onChange={(next) => {
              type.set(next);
              proof.set(ownProofs(next)[0] ?? "NONE");
            }}
          />
        </Field>
        {proofs.length > 1 ? (
          <Field label="Proof of the sender" error={proof.error}>
            <Select
              options={proofs.map((value) => ({ value, label: proofLabel(value) }))}
              value={proofNow}
              onChange={proof.set}
            />
          </Field>
        ) : null}
      </div>
      {AUTH_FORMS[proofNow].fields.map((field) =>
        field.name === rotated && isSaved && source.config.auth[field.name] !== undefined ? (
          <SavedSecret
            key={field.name}
            label={field.label}
            masked={String(source.config.auth[field.name])}
            onSecrets={onSecrets}
          />
        ) : (
          <ProofField
            key={field.name}
            field={field}
            masked={isSaved ? maskedAt(source.config.auth[field.name]) : undefined}
          />
        ),
      )}
    </>
  );
}

/** What a source of a type can ask of its senders, the usual one first. Publishers are known by their API keys. */
function ownProofs(type: SourceType): readonly SourceAuthType[] {
  if (type === "PUBLISH") return ["NONE"];
  return type === "WEBHOOK" ? OPEN_PROOFS : [type, ...OPEN_PROOFS];
}

const proofLabel = (authType: SourceAuthType) =>
  authType in PROVIDERS ? `As ${kindOf(authType)?.title} signs` : (kindOf(authType)?.title ?? authType);

const maskedAt = (saved: unknown) => (typeof saved === "string" && saved !== "" ? saved : undefined);

/** @param masked what is read of a saved secret that no rotation changes */
function ProofField({ field, masked }: { field: AuthField; masked: string | undefined }) {
  const { value, set, error } = useFormField(`config.auth.${field.name}`);
  return (
    <Field label={field.label} help={field.help} error={error}>
      <AuthInput
        field={field}
        value={value as string | undefined}
        masked={field.kind === "secret" ? masked : undefined}
        isFocused={false}
        onChange={set}
      />
    </Field>
  );
}

const SavedSecret = ({ label, masked, onSecrets }: { label: string; masked: string; onSecrets: () => void }) => (
  <div className="grid gap-[5px]">
    <span className="font-medium text-ink-2 text-xs">{label}</span>
    <p className="flex items-center gap-2 text-xs">
      <span className="min-w-0 flex-1 truncate font-mono">{masked}</span>
      <button
        type="button"
        onClick={onSecrets}
        className="text-muted underline decoration-line underline-offset-4 hovered:text-ink pointer-coarse:h-10"
      >
        Rotate it under Secrets
      </button>
    </p>
  </div>
);

const Note = ({ children, error }: { children: ReactNode; error: string | undefined }) =>
  error === undefined ? <p className="text-muted text-xs">{children}</p> : <FormError>{error}</FormError>;

function MethodsField() {
  const { value, set, error } = useFormField("config.allowed_http_methods");
  const chosen = value as readonly string[];
  return (
    <fieldset className="grid gap-[5px]">
      <legend className="mb-[5px] font-medium text-ink-2 text-xs">Methods</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5 font-mono text-xs">
        {METHODS.map((method) => (
          <Checkbox
            key={method}
            state={chosen.includes(method)}
            onChange={(isOn) => set(METHODS.filter((each) => (each === method ? isOn : chosen.includes(each))))}
          >
            {method}
          </Checkbox>
        ))}
      </div>
      <Note error={error}>Others get 405 with an Allow header.</Note>
    </fieldset>
  );
}

const LimitWords = () => (
  <section aria-label="Limit" className="grid gap-[5px]">
    <h3 className="font-medium text-ink-2 text-xs">Limit</h3>
    <p className="leading-9 pointer-coarse:leading-12">
      <RateWords />, at all gateways together.
    </p>
    <SentenceErrors fields={["config.rate_limit", "config.rate_limit_period"]} />
    <p className="text-muted text-xs">More get 429 with Retry-After. Only what would be accepted counts.</p>
  </section>
);

function DuplicatesRow() {
  const { value, set } = useFormField("config.deduplicate_provider_events");
  return (
    <SwitchRow
      title="Drop what the provider sends twice"
      about="By the provider's own event id, within 48 h. It is answered 200, marked duplicate, and routed to nothing."
      isOn={value === true}
      onChange={set}
    />
  );
}

const ANSWERS = [
  { value: "default", label: "Default" },
  { value: "own", label: "Own" },
] as const;

function AnswerFields() {
  const { value, set } = useFormField("custom_response");
  return (
    <div className="grid gap-2">
      <div className="flex items-center justify-between">
        <span className="font-medium text-ink-2 text-xs">Answer</span>
        <Segmented
          label="Answer"
          options={ANSWERS}
          value={value === true ? "own" : "default"}
          onChange={(next) => set(next === "own")}
        />
      </div>
      {value === true ? (
        <div className="grid grid-cols-[88px_minmax(0,1fr)] gap-2">
          <TextField field="config.custom_response.status" label="Status" />
          <TextField field="config.custom_response.content_type" label="Content type" isMono />
          <div className="col-span-2">
            <LongTextField field="config.custom_response.body" label="Body" isMono rows={3} />
          </div>
        </div>
      ) : null}
      <p className="text-muted text-xs">
        Sent after the request is committed, never before.{" "}
        {value === true ? "200 to 299." : 'The default is {"ok": true, "request_id": "req_…"}.'}
      </p>
    </div>
  );
}
