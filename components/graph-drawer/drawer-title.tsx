"use client";

import { type FormEvent, useState } from "react";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";

interface DrawerTitleProps {
  name: string;
  /** Left out for those who may not. True when it was saved. */
  rename?: ((name: string) => Promise<boolean>) | undefined;
}

/** The name of a drawer's resource, which a press on the pencil makes a field. */
export function DrawerTitle({ name, rename }: DrawerTitleProps) {
  const [typed, setTyped] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  if (typed === undefined || !rename) {
    return (
      <span className="flex items-center gap-1">
        <span className="min-w-0 truncate">{name}</span>
        {rename ? <IconButton icon="pencil" size="sm" label="Rename" onClick={() => setTyped(name)} /> : null}
      </span>
    );
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typed === name) return setTyped(undefined);
    setBusy(true);
    const isRenamed = await rename(typed);
    setBusy(false);
    if (isRenamed) setTyped(undefined);
  };
  return (
    <form onSubmit={submit} className="flex items-center gap-1.5">
      <Input
        autoFocus
        size="md"
        aria-label="Name"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          setTyped(undefined);
        }}
      />
      <Button type="submit" size="md" isBusy={isBusy}>
        Rename
      </Button>
    </form>
  );
}
