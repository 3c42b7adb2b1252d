"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { showToast } from "#components/ui/toasts.ts";
import { cancelsWords, copiesWords, reachWords } from "./erase-words.ts";

/** Erases what a request brought, after a look at what that reaches. */
export function ErasePayload({ id }: { id: string }) {
  const [isOpen, setOpen] = useState(false);
  if (!useMay("payload.erase")) return null;
  return (
    <>
      <Button kind="quiet" size="sm" onClick={() => setOpen(true)}>
        Erase payload…
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Erase the payload of this request?"
        description="Body, headers, path, query and address go from the request and from all that was made of it. Ids, times and states stay. This cannot be undone, and it cannot be retried any more."
      >
        <EraseForm id={id} close={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

/** Apart from the dialog, so that what was typed is forgotten when it closes. */
function EraseForm({ id, close }: { id: string; close: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data: plan, error } = useQuery(trpc.requests.planErasure.queryOptions({ id }, { retry: false, gcTime: 0 }));
  const [reason, setReason] = useState("");
  const [cancels, setCancels] = useState(false);
  const erase = useMutation(
    trpc.requests.erase.mutationOptions({
      onSuccess: ({ events, attempts }) => {
        showToast({ kind: "done", text: `Erased, with ${reachWords({ events, attempts })}.` });
        close();
        // Whatever was read of it holds what is gone now.
        void client.invalidateQueries();
      },
    }),
  );
  const isOwed = (plan?.unfinished_events ?? 0) > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!plan || erase.isPending || (isOwed && !cancels)) return;
    erase.mutate({ id, reason, ...(isOwed && { cancel_unfinished: cancels }) });
  };
  const problem = erase.error ?? error;
  return (
    <form onSubmit={submit} className="space-y-3.5">
      <div aria-live="polite" className="text-ink-2">
        {plan ? (
          <>
            <p>
              Reaches <b className="font-medium">{reachWords(plan)}</b>.
            </p>
            {plan.delivered.length > 0 ? (
              <p className="text-muted">Out of reach: {copiesWords(plan.delivered)}.</p>
            ) : null}
          </>
        ) : (
          <p className="text-muted">{problem ? "" : "Counting…"}</p>
        )}
      </div>
      <Field label="Reason, for the audit log" help="It outlives the request: name no person in it.">
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      {plan && isOwed ? (
        <Checkbox state={cancels} onChange={setCancels}>
          {cancelsWords(plan.unfinished_events)}
        </Checkbox>
      ) : null}
      {problem ? (
        <p role="alert" className="text-failed text-xs">
          {problem.message}
        </p>
      ) : null}
      <div className="flex justify-end gap-2 max-md:flex-col-reverse">
        <Button size="lg" onClick={close}>
          Keep it
        </Button>
        <Button
          type="submit"
          kind="danger-solid"
          size="lg"
          disabled={!plan || reason.trim() === "" || (isOwed && !cancels)}
          isBusy={erase.isPending}
        >
          Erase for good
        </Button>
      </div>
    </form>
  );
}
