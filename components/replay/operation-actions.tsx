"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { BulkOperationDetail } from "#server/contracts/bulk.ts";
import { capPerMinute, readCap } from "./cap.ts";
import { progressOf } from "./progress.ts";

/** What changes an operation shows at once wherever it is shown. */
function useOperationChange() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: trpc.bulk.get.queryKey() }),
      queries.invalidateQueries({ queryKey: trpc.bulk.list.queryKey() }),
    ]);
}

/** Ends an operation; the label says what that spares. */
export function CancelRest({ operation }: { operation: BulkOperationDetail }) {
  const trpc = useTRPC();
  const refresh = useOperationChange();
  const { left } = progressOf(operation);
  const cancel = useMutation(
    trpc.bulk.cancel.mutationOptions({
      onSuccess: (now) => {
        const spared = progressOf({ ...now, outcomes: {}, state: "RUNNING" }).left;
        showToast({ kind: "done", text: `Cancelled. ${formatCount(spared)} stay as they were.` });
      },
      onError: (error) => showToast({ kind: "failed", text: error.message }),
      // Nobody waits for it: what was said is said at once.
      onSettled: () => void refresh(),
    }),
  );
  return (
    <Button size="lg" kind="danger" isBusy={cancel.isPending} onClick={() => cancel.mutate({ id: operation.id })}>
      {left > 0 ? `Cancel the ${formatCount(left)} left` : "Cancel it"}
    </Button>
  );
}

/** Slows a running operation down, or lets it go faster. */
export function ChangeCap({ operation }: { operation: BulkOperationDetail }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      label="Rate cap"
      isOpen={isOpen}
      onOpenChange={setOpen}
      align="end"
      className="w-60 p-3"
      trigger={<Button size="lg">Change the cap</Button>}
    >
      <CapForm operation={operation} done={() => setOpen(false)} />
    </Popover>
  );
}

function CapForm({ operation, done }: { operation: BulkOperationDetail; done: () => void }) {
  const trpc = useTRPC();
  const refresh = useOperationChange();
  const now = capPerMinute(operation);
  const [text, setText] = useState(now === null ? "" : String(Math.max(1, Math.round(now))));
  const change = useMutation(
    trpc.bulk.change.mutationOptions({
      onSuccess: async () => {
        await refresh();
        done();
      },
    }),
  );
  const cap = readCap(text);
  const error = cap === undefined ? "Write a whole number, or leave it empty." : change.error?.message;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (cap !== undefined) change.mutate({ id: operation.id, rate_limit: cap, rate_limit_period: "minute" });
  };
  return (
    <form onSubmit={submit} className="grid gap-2.5">
      <Field label="Sends a minute" help="Empty: no cap." {...(error === undefined ? {} : { error })}>
        <Input inputMode="numeric" placeholder="No cap" value={text} onChange={({ target }) => setText(target.value)} />
      </Field>
      <Button type="submit" isBusy={change.isPending}>
        Apply
      </Button>
    </form>
  );
}
