"use client";

import { type FormEvent, type KeyboardEvent, useId, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { IconButton } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import type { Transformation } from "#server/contracts/transformation.ts";
import type { Changes } from "./use-transformation.ts";

interface NameInPlaceProps {
  saved: Transformation;
  update: Changes["update"];
  mayRename: boolean;
  isRenaming: boolean;
  setRenaming: (isRenaming: boolean) => void;
}

/** The heading of the page, which becomes a field where it stands. */
export function NameInPlace({ saved, update, mayRename, isRenaming, setRenaming }: NameInPlaceProps) {
  const begin = () => setRenaming(true);
  useKeys(mayRename ? [{ keys: "F2", label: "Rename it", run: begin }] : []);
  if (isRenaming) return <NameField saved={saved} update={update} close={() => setRenaming(false)} />;
  return (
    <>
      <h1 className="min-w-0 truncate font-semibold text-base tracking-tight" title={saved.description ?? undefined}>
        {saved.name}
      </h1>
      {mayRename ? (
        <IconButton
          icon="pencil"
          size="sm"
          label="Rename"
          title="Rename (F2)"
          className="max-md:hidden"
          onClick={begin}
        />
      ) : null}
    </>
  );
}

type NameFieldProps = Pick<NameInPlaceProps, "saved" | "update"> & { close: () => void };

/** Apart from the heading, so that what was typed is forgotten when it closes. */
function NameField({ saved, update, close }: NameFieldProps) {
  const noteId = useId();
  const [typed, setTyped] = useState(saved.name);
  const end = () => {
    close();
    update.reset();
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (typed === saved.name) return end();
    if (!update.isPending)
      update.mutate({ id: saved.id, name: typed, if_updated_at: saved.updated_at }, { onSuccess: end });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  };
  const { at, rest } = errorsAt(update.error, ["name"]);
  const problem = at.name ?? rest;
  return (
    <form onSubmit={save} className="relative min-w-0">
      <h1 className="sr-only">{saved.name}</h1>
      <Input
        size="md"
        className="w-56 font-semibold max-md:w-36"
        aria-label="Name"
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={problem === undefined ? undefined : noteId}
        autoFocus
        onFocus={(event) => event.target.select()}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => problem === undefined && typed === saved.name && end()}
      />
      {problem === undefined ? null : (
        <p
          id={noteId}
          role="alert"
          className="absolute top-full left-0 z-30 mt-1 w-72 rounded-md border border-line bg-float px-2.5 py-2 text-failed text-xs shadow-menu"
        >
          {problem}
        </p>
      )}
    </form>
  );
}
