"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { Button } from "#components/ui/button.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import type { CreateSource } from "#server/contracts/source.ts";
import { AUTH_FORMS, firstAuthOf, makeSecret, secretFieldOf } from "./auth-fields.ts";
import { KindLine } from "./kind-line.tsx";
import { KindPicker, UnconfirmedNote } from "./kind-picker.tsx";
import { noteMade } from "./shown-secrets.ts";
import { kindOf, type SourceKind, senderOf } from "./source-kinds.ts";
import { Help, Step, Steps } from "./steps.tsx";
import { useKept } from "./use-kept.ts";

interface Draft {
  kind: string | null;
  name: string;
}
const NOTHING: Draft = { kind: null, name: "" };

/** The first half of making a source: who sends, and what it is called. With its URL the rest follows in its own drawer. */
export function NewSource() {
  const [draft, setDraft] = useKept<Draft>("new-source", NOTHING);
  const kind = kindOf(draft.kind);
  if (!kind) {
    return (
      <DrawerContent title="New source" head={<span />} footer={<UnconfirmedNote />}>
        <KindPicker
          onPick={({ key, title }) =>
            setDraft({ kind: key, name: draft.name || title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-") })
          }
        />
      </DrawerContent>
    );
  }
  return (
    <NameStep
      kind={kind}
      name={draft.name}
      onName={(name) => setDraft({ kind: kind.key, name })}
      onBack={() => setDraft({ kind: null, name: "" })}
      onMade={() => setDraft(undefined)}
    />
  );
}

/** Where the sender makes the secret it comes after the URL; until then a provider's source takes nothing. */
function inputOf(kind: SourceKind, name: string): { input: CreateSource; secret: string | null } {
  const field = secretFieldOf(kind.authType);
  if (AUTH_FORMS[kind.authType].secretBy !== "us" || !field) return { input: { name, type: kind.type }, secret: null };
  const secret = makeSecret(kind.authType, (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
  const auth = { ...firstAuthOf(kind.authType), [field.name]: secret };
  return { input: { name, type: kind.type, config: { auth_type: kind.authType, auth } }, secret };
}

interface NameStepProps {
  kind: SourceKind;
  name: string;
  onName: (name: string) => void;
  onBack: () => void;
  onMade: () => void;
}

function NameStep({ kind, name, onName, onBack, onMade }: NameStepProps) {
  const { open } = useDrawerPlace();
  const [made] = useState(() => inputOf(kind, ""));
  const create = useMutation(
    useTRPC().sources.create.mutationOptions({
      onSuccess({ id }) {
        noteMade(id, made.secret);
        onMade();
        open(id, "setup");
      },
    }),
  );
  const errors = errorsAt(create.error, ["name"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) create.mutate({ ...made.input, name });
  };
  return (
    <DrawerContent title="New source">
      <form onSubmit={submit}>
        <Steps>
          <Step
            number={1}
            title="Provider"
            state="done"
            note={
              <button
                type="button"
                onClick={onBack}
                className="underline decoration-line underline-offset-4 hovered:text-ink"
              >
                Change
              </button>
            }
          >
            <KindLine kind={kind} />
          </Step>
          <Step number={2} title="Name" state="now">
            <Field
              label={<span className="sr-only">Name</span>}
              {...(errors.at.name === undefined
                ? { help: "Letters, digits, dots, dashes or underscores." }
                : { error: errors.at.name })}
            >
              <Input
                autoFocus
                value={name}
                onFocus={(event) => event.target.select()}
                onChange={(event) => onName(event.target.value)}
              />
            </Field>
            <FormError docs={errors.docs}>{errors.rest}</FormError>
            <div>
              <Button type="submit" kind="primary" size="lg" isBusy={create.isPending}>
                Make its URL
              </Button>
            </div>
          </Step>
          <Step number={3} title={`Give the URL to ${senderOf(kind)}`} state="later" />
          {kind.authType === "NONE" ? null : <Step number={4} title={secretTitle(kind)} state="later" />}
          <Step number={kind.authType === "NONE" ? 4 : 5} title="First webhook" state="later">
            <Help>What arrives is shown here as it comes, also what is refused.</Help>
          </Step>
        </Steps>
      </form>
    </DrawerContent>
  );
}

const secretTitle = ({ authType }: SourceKind) => {
  const [field] = AUTH_FORMS[authType].fields.filter(({ kind, name }) => kind === "secret" || name === "webhook_id");
  const label = field?.label ?? "Secret";
  return AUTH_FORMS[authType].secretBy === "us"
    ? `Give it the ${label.toLowerCase()}`
    : `Paste the ${label.toLowerCase()}`;
};
