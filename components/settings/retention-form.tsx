"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTyped } from "#components/data/read-state.ts";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Retention } from "#server/contracts/retention.ts";
import { RetentionChange } from "./retention-change.tsx";
import { RetentionForecast } from "./retention-forecast.tsx";
import { days } from "./stored-words.ts";

/** What was typed as the API reads it: a number where it is one, and nothing for the installation's. */
function readDays(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

const writeDays = (own: number | null) => (own === null ? "" : String(own));

/** To the minute: the drawing shows no less. */
const toMinute = (nowMs: number) => Math.floor(nowMs / 60_000) * 60_000;

/** The time that holds, and what another one would remove before it is saved. */
export function RetentionForm({ retention: setting, mayChange }: { retention: Retention; mayChange: boolean }) {
  const nowMs = useNow(toMinute);
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { typed, readAt, ...field } = useTyped(writeDays(setting.own_days), setting.updated_at);
  const wanted = readDays(typed);
  const isChanged = wanted !== setting.own_days;
  // What is no number goes to the server too: the sentence about it is the server's.
  const input = wanted === null ? {} : { days: wanted as number };
  const plan = useQuery(
    trpc.retention.plan.queryOptions(input, { enabled: mayChange && isChanged, retry: false, gcTime: 0 }),
  );
  const update = useMutation(
    trpc.retention.update.mutationOptions({
      onSuccess: (saved) => {
        field.saved(writeDays(saved.own_days), saved.updated_at);
        return queryClient.invalidateQueries({ queryKey: trpc.retention.get.queryKey() });
      },
      onError: (error) => {
        field.refused(error);
        showToast({ kind: "failed", text: error.message });
      },
    }),
  );
  const { at, rest } = errorsAt(isChanged ? (update.error ?? plan.error) : null, ["days"]);
  const undo = () => {
    update.reset();
    field.type(writeDays(setting.own_days));
  };
  const save = () => {
    if (!plan.data || plan.isFetching || update.isPending) return;
    const before = setting.own_days;
    update.mutate(
      { days: plan.data.own_days, if_updated_at: readAt },
      {
        onSuccess: (saved) =>
          showToast({
            kind: "done",
            text: `Requests are kept for ${days(saved.days)}.`,
            action: { label: "Undo", run: () => update.mutate({ days: before, if_updated_at: saved.updated_at }) },
          }),
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save();
  };
  const help = `Empty: as this installation, ${days(setting.installation_days)}. Nothing is kept longer than that.`;
  return (
    <>
      <RetentionForecast
        retention={setting}
        nowMs={nowMs}
        plannedDays={isChanged && plan.data ? plan.data.days : undefined}
      />
      <form
        aria-label="Time of keeping"
        onSubmit={submit}
        className="mb-3 overflow-hidden rounded-lg border border-line bg-surface"
      >
        <div className={isChanged && mayChange ? "bg-accent-bg px-3.5 py-3" : "px-3.5 py-3"}>
          {mayChange ? (
            <Field label="Kept for, in days" {...(at.days === undefined ? { help } : { error: at.days })}>
              <Input
                inputMode="numeric"
                className="max-w-40"
                placeholder={String(setting.installation_days)}
                value={typed}
                onChange={(event) => {
                  update.reset();
                  field.type(event.target.value);
                }}
              />
            </Field>
          ) : (
            <p>
              Kept for <b className="font-medium">{days(setting.days)}</b>.{" "}
              <span className="text-muted">Changing it needs an admin of the team.</span>
            </p>
          )}
        </div>
        {isChanged && mayChange && at.days === undefined ? (
          <RetentionChange
            from={setting.days}
            plan={plan.data}
            problem={rest}
            isSaving={update.isPending}
            onUndo={undo}
          />
        ) : null}
      </form>
    </>
  );
}
