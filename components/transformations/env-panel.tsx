"use client";

import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { SecretInput } from "#components/ui/secret-input.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Transformation } from "#server/contracts/transformation.ts";
import { SidePanel } from "./side-panel.tsx";
import type { Changes } from "./use-transformation.ts";

interface EnvPanelProps {
  saved: Transformation;
  update: Changes["update"];
  mayWrite: boolean;
  close: () => void;
}

type Edits = Record<string, string | null | undefined>;

/** The env to send: a value that was not touched goes as it was read, and stands for itself. */
function envOf(saved: Record<string, string>, edits: Edits): Record<string, string> {
  const names = [...new Set([...Object.keys(saved), ...Object.keys(edits)])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = edits[name] === undefined ? saved[name] : edits[name];
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The values of `context.env`: written and never read back. */
export function EnvPanel({ saved, update, mayWrite, close }: EnvPanelProps) {
  const [edits, setEdits] = useState<Edits>({});
  const edit = (name: string, value: string | null | undefined) => {
    update.reset();
    setEdits({ ...edits, [name]: value });
  };
  const names = [...new Set([...Object.keys(saved.env), ...Object.keys(edits)])].filter((name) => edits[name] !== null);
  const isChanged = Object.values(edits).some((value) => value !== undefined);
  const { rest } = errorsAt(update.error, []);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!isChanged || update.isPending) return;
    update.mutate(
      { id: saved.id, env: envOf(saved.env, edits), if_updated_at: saved.updated_at },
      {
        onSuccess: (next) => {
          setEdits({});
          showToast({ kind: "done", text: `Saved as v${next.version}.` });
        },
      },
    );
  };
  return (
    <SidePanel title="Values of env" note="context.env in the code" close={close}>
      <form aria-label="Values of env" onSubmit={save} className="grid gap-3.5 px-5 py-3.5 max-md:px-3.5">
        {names.length === 0 ? (
          <p className="text-muted">It has none. They are for tokens and addresses that do not belong into code.</p>
        ) : null}
        {names.map((name) =>
          mayWrite ? (
            <div key={name} className="flex items-end gap-2">
              <div className="min-w-0 flex-1">
                <Field label={<span className="font-mono">{name}</span>}>
                  <SecretInput
                    masked={saved.env[name]}
                    value={edits[name] ?? undefined}
                    onChange={(value) => edit(name, value)}
                  />
                </Field>
              </div>
              <IconButton
                icon="trash"
                size="lg"
                label={`Remove ${name}`}
                onClick={() => edit(name, name in saved.env ? null : undefined)}
              />
            </div>
          ) : (
            <p key={name} className="flex gap-3 font-mono text-xs">
              {name} <span className="text-muted">{saved.env[name]}</span>
            </p>
          ),
        )}
        {mayWrite ? (
          <>
            <AddName taken={names} add={(name) => edit(name, "")} />
            <FormError>{rest}</FormError>
            <div className="flex items-center gap-2">
              <Button size="lg" kind="primary" type="submit" disabled={!isChanged} isBusy={update.isPending}>
                Save as v{saved.version + 1}
              </Button>
              {isChanged ? (
                <Button size="lg" onClick={() => setEdits({})}>
                  Undo
                </Button>
              ) : null}
            </div>
          </>
        ) : null}
      </form>
    </SidePanel>
  );
}

function AddName({ taken, add }: { taken: readonly string[]; add: (name: string) => void }) {
  const [name, setName] = useState("");
  const isTaken = taken.includes(name);
  const isFit = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name);
  const problem =
    name !== "" && !isFit ? "Use letters, digits and underscores." : isTaken ? "It is there already." : undefined;
  const submit = () => {
    if (!isFit || isTaken) return;
    add(name);
    setName("");
  };
  return (
    <div className="flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <Field label="Another name" {...(problem === undefined ? {} : { error: problem })}>
          <Input
            isMono
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              submit();
            }}
          />
        </Field>
      </div>
      <Button size="lg" icon="plus" disabled={!isFit || isTaken} onClick={submit}>
        Add
      </Button>
    </div>
  );
}
