"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTyped } from "#components/data/read-state.ts";
import { refusalWords } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/input.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Retention } from "#server/contracts/retention.ts";

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const HELP =
  "Paths, one a line. They hold for every source from the next request on, besides its own masks; a source cannot take them back.";

/** What is masked in the requests of all sources. */
export function TeamMasks({ retention, mayChange }: { retention: Retention; mayChange: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const saved = retention.masked_paths.join("\n");
  const field = useTyped(saved, retention.updated_at);
  const update = useMutation(
    trpc.retention.update.mutationOptions({
      onSuccess: ({ masked_paths, updated_at }) => {
        field.saved(masked_paths.join("\n"), updated_at);
        showToast({ kind: "done", text: "The masks hold from the next request on." });
        return queries.invalidateQueries({ queryKey: trpc.retention.get.queryKey() });
      },
      onError: field.refused,
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ masked_paths: linesOf(field.typed), if_updated_at: field.readAt });
  };
  const problem = update.error ? refusalWords(update.error, () => "A path") : undefined;
  return (
    <form
      aria-label="Masks of all sources"
      onSubmit={submit}
      className="mb-3 grid gap-2.5 rounded-lg border border-line bg-surface px-3.5 py-3"
    >
      {mayChange ? (
        <>
          <Field label="Masked in all sources" {...(problem === undefined ? { help: HELP } : { error: problem })}>
            <Textarea
              isMono
              rows={3}
              placeholder="body.user.email"
              value={field.typed}
              onChange={(event) => {
                update.reset();
                field.type(event.target.value);
              }}
            />
          </Field>
          <div>
            <Button type="submit" isBusy={update.isPending} disabled={field.typed === saved}>
              Set the masks
            </Button>
          </div>
        </>
      ) : (
        <p>
          Masked in all sources:{" "}
          {retention.masked_paths.length === 0 ? "nothing" : <code>{retention.masked_paths.join(", ")}</code>}.{" "}
          <span className="text-muted">Changing it needs an admin of the team.</span>
        </p>
      )}
    </form>
  );
}
