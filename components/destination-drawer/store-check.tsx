"use client";

import { useMutation } from "@tanstack/react-query";
import { use } from "react";
import { refusalWords } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { FormContext } from "#components/resource-form/form-context.ts";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { CheckDestination } from "#server/contracts/s3-destination.ts";
import { labelOf } from "./destination-fields.ts";
import { s3Sent } from "./s3-values.ts";

/** Tries what the form says with a small object. @param id of a saved destination, whose secret is used where none is typed */
export function StoreCheck({ id, at = "" }: { id?: string; at?: string }) {
  const form = use(FormContext);
  const check = useMutation(useTRPC().destinations.check.mutationOptions());
  const config = s3Sent(form?.values ?? {}, at) as NonNullable<CheckDestination["config"]>;
  return (
    <div className="grid gap-2 rounded-md border border-line bg-inset p-3 text-xs">
      <div aria-live="polite" className="grid gap-1.5">
        {check.data?.steps.map(({ step, is_good, says }) => (
          <p key={step} className="flex gap-2">
            <span className={cn("pt-px", is_good ? "text-delivered" : "text-failed")}>
              <Icon name={is_good ? "check" : "close"} size={14} />
            </span>
            <span className="min-w-0 break-words">{says}</span>
          </p>
        ))}
        {check.error ? <p className="text-failed">{refusalWords(check.error, labelOf)}</p> : null}
        {check.data || check.error ? null : (
          <p className="text-muted">Writes a small object and takes it away again. Nothing is saved.</p>
        )}
      </div>
      <div>
        <Button isBusy={check.isPending} onClick={() => check.mutate({ ...(id !== undefined && { id }), config })}>
          {check.data || check.error ? "Test again" : "Test"}
        </Button>
      </div>
    </div>
  );
}
