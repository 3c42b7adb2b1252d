"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { useMay } from "#components/graph-drawer/may.tsx";
import { useLiveState } from "#components/live/use-live.ts";
import { AskFirst } from "#components/settings/ask-first.tsx";
import { FormError } from "#components/settings/form-error.tsx";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Source } from "#server/contracts/source.ts";

const sayFailed = ({ message }: { message: string }) => showToast({ kind: "failed", text: message });

/** Turns a source off or on at once, and offers the way back. */
export function useSourceSwitch(source: Source) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = (saved: Source) => queryClient.setQueryData(trpc.sources.get.queryKey({ id: source.id }), saved);
  const enable = useMutation(trpc.sources.enable.mutationOptions({ onSuccess, onError: sayFailed }));
  const disable = useMutation(trpc.sources.disable.mutationOptions({ onSuccess, onError: sayFailed }));
  /** The way back is refused when somebody has changed the source meanwhile. */
  const flip = async (to: "enable" | "disable") => {
    const [does, undoes] = to === "enable" ? [enable, disable] : [disable, enable];
    const saved = await does.mutateAsync({ id: source.id }).catch(() => undefined);
    if (!saved) return;
    showToast({
      kind: to === "disable" ? "held" : "done",
      text: (
        <>
          <b>{source.name}</b> {to === "disable" ? "refuses what comes, with 403." : "takes webhooks again."}
        </>
      ),
      action: { label: "Undo", run: () => undoes.mutate({ id: source.id, if_updated_at: saved.updated_at }) },
    });
  };
  return { flip, isBusy: enable.isPending || disable.isPending };
}

/** Webhooks a minute, of the running and the last whole minute; undefined until it is known. */
export function useRate(sourceId: string): number | undefined {
  const rates = useLiveState("rates");
  return rates && Math.round((rates[sourceId]?.accepted_count ?? 0) / 2);
}

/** What else can be done with a source. */
export function SourceMenu({
  source,
  onDuplicate,
  onDelete,
}: {
  source: Source;
  onDuplicate: () => void;
  onDelete: () => void;
}) {
  const { flip } = useSourceSwitch(source);
  const rate = useRate(source.id);
  const mayWrite = useMay("source.write");
  const mayDelete = useMay("resources.delete");
  if (!mayWrite && !mayDelete) return null;
  return (
    <Menu trigger={<IconButton icon="more" label="More" />}>
      {mayWrite ? (
        <>
          <MenuItem icon="copy" onSelect={onDuplicate}>
            Duplicate…
          </MenuItem>
          {source.disabled_at === null ? (
            <MenuItem
              icon="cancelled"
              onSelect={() => void flip("disable")}
              {...(rate ? { note: `${formatCount(rate)}/min get 403` } : {})}
            >
              Disable
            </MenuItem>
          ) : (
            <MenuItem icon="play" onSelect={() => void flip("enable")}>
              Enable
            </MenuItem>
          )}
        </>
      ) : null}
      {mayDelete ? (
        <>
          <MenuSeparator />
          <MenuItem icon="trash" isDanger onSelect={onDelete}>
            Delete…
          </MenuItem>
        </>
      ) : null}
    </Menu>
  );
}

/** Asks for the name of a copy, and opens it. */
export function DuplicateForm({ source, onCancel }: { source: Source; onCancel: () => void }) {
  const { open } = useDrawerPlace();
  const [name, setName] = useState(`${source.name.slice(0, 150)}-copy`);
  const copy = useMutation(useTRPC().sources.duplicate.mutationOptions({ onSuccess: ({ id }) => open(id, "setup") }));
  const errors = errorsAt(copy.error, ["name"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!copy.isPending) copy.mutate({ id: source.id, name });
  };
  return (
    <form onSubmit={submit} aria-label="Duplicate" className="grid gap-3 border-line border-b bg-inset px-4 py-3">
      <Field
        label="Name of the copy"
        {...(errors.at.name === undefined
          ? { help: "It has the same settings and secrets, and a URL of its own. No connection goes with it." }
          : { error: errors.at.name })}
      >
        <Input
          autoFocus
          value={name}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <FormError>{errors.rest}</FormError>
      <div className="flex gap-2">
        <Button type="submit" kind="primary" isBusy={copy.isPending}>
          Duplicate
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

/** How many connections a source has; undefined until it is known. */
export function useConnectionCount(sourceId: string): number | undefined {
  const trpc = useTRPC();
  return useQuery(trpc.connections.list.queryOptions({ source_id: [sourceId], limit: 255 })).data?.data.length;
}

/** The last question before a source goes. Connections keep it: the server refuses while there is one. */
export function DeleteQuestion({
  source,
  isOpen,
  onOpenChange,
}: {
  source: Source;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { close } = useDrawerPlace();
  const rate = useRate(source.id);
  const remove = useMutation(
    trpc.sources.delete.mutationOptions({
      onSuccess() {
        close();
        void queryClient.invalidateQueries({ queryKey: trpc.sources.list.queryKey() });
        showToast({ kind: "done", text: `${source.name} is deleted.` });
      },
      onError: sayFailed,
    }),
  );
  return (
    <AskFirst
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Delete ${source.name}?`}
      affects={`Its URL is gone for good: ${
        rate === undefined || rate === 0 ? "what is still sent there" : `${formatCount(rate)} webhooks a minute`
      } will get 404. Requests that came stay until their retention ends.`}
      name={source.name}
      confirmLabel={rate ? `Delete, refuse ${formatCount(rate)}/min` : "Delete it"}
      onConfirm={async () => void (await remove.mutateAsync({ id: source.id }))}
    />
  );
}
