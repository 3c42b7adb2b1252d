"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { SavedView, ViewedList } from "#server/contracts/saved-view.ts";

interface NameViewProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  list: ViewedList;
  /** What a new view keeps. */
  filters: SavedView["filters"];
  /** The view that gets another name; undefined makes a new one. */
  renamed: SavedView | undefined;
  onDone: (view: SavedView) => void;
}

/** Asks for the name of a view. */
export const NameView = ({ isOpen, onOpenChange, renamed, ...form }: NameViewProps) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={onOpenChange}
    title={renamed ? `Rename the view “${renamed.name}”` : "Save these filters as a view"}
    description="Everybody in the team finds it on this list."
  >
    <Form
      {...form}
      renamed={renamed}
      onDone={(view) => {
        onOpenChange(false);
        form.onDone(view);
      }}
    />
  </Dialog>
);

/** Apart from the dialog, so that each opening begins anew. */
function Form({ list, filters, renamed, onDone }: Omit<NameViewProps, "isOpen" | "onOpenChange">) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(renamed?.name ?? "");
  const onSuccess = async (view: SavedView) => {
    await queryClient.invalidateQueries({ queryKey: trpc.views.list.queryKey() });
    onDone(view);
  };
  const create = useMutation(trpc.views.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.views.update.mutationOptions({ onSuccess }));
  const isBusy = create.isPending || update.isPending;
  const errors = errorsAt(create.error ?? update.error, ["name"]);
  const wrong = errors.at.name ?? errors.rest;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    if (renamed) update.mutate({ id: renamed.id, name, if_updated_at: renamed.updated_at });
    else create.mutate({ list, name, filters });
  };
  return (
    <form className="grid gap-3.5 pb-1" onSubmit={submit}>
      <Field label="Name" {...(wrong === undefined ? {} : { error: wrong })}>
        <Input
          size="lg"
          autoFocus
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Button type="submit" kind="primary" size="lg" isBusy={isBusy}>
        {renamed ? "Rename it" : "Save the view"}
      </Button>
    </form>
  );
}
