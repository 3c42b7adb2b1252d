"use client";

import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { useTyped } from "#components/data/read-state.ts";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Id } from "#components/ui/id.tsx";
import { Input } from "#components/ui/input.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Capability } from "#server/contracts/capability.ts";
import type { Team } from "#server/contracts/team.ts";
import { SectionHead } from "./section.tsx";

const HEAD = { title: "Team", about: "Everything here belongs to one team: sources, destinations, keys and people." };
const box = "grid gap-3.5 rounded-lg border border-line bg-surface p-4";

export const TeamSkeleton = () => (
  <>
    <SectionHead {...HEAD} />
    <div role="status" aria-label="Loading" className={box}>
      <Skeleton className="h-3 w-16" />
      <Skeleton className="h-8 w-full max-w-md" />
      <Skeleton className="h-3 w-64" />
    </div>
  </>
);

interface TeamViewProps {
  can: readonly Capability[];
  teamId: string;
}

export function TeamView({ can, teamId }: TeamViewProps) {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.teams.list.queryOptions({}));
  const team = data.data.find(({ id }) => id === teamId);
  if (!team) return <SectionHead title="Team" about="This team is not there any more." />;
  return (
    <>
      <SectionHead {...HEAD} />
      <div className={box}>
        {can.includes("team.manage") ? <NameForm team={team} /> : <Name team={team} />}
        <dl className="flex flex-wrap gap-x-8 gap-y-2 border-line border-t pt-3.5">
          <div>
            <dt className="text-muted text-xs">Id, for the header x-team-id</dt>
            <dd>
              <Id id={team.id} what="team id" isWhole />
            </dd>
          </div>
          <div>
            <dt className="text-muted text-xs">Made</dt>
            <dd>
              <RelativeTime iso={team.created_at} />
            </dd>
          </div>
        </dl>
      </div>
    </>
  );
}

const Name = ({ team }: { team: Team }) => (
  <p>
    <b className="font-medium">{team.name}</b>{" "}
    <span className="text-muted">Renaming it needs an admin of the team.</span>
  </p>
);

function NameForm({ team }: { team: Team }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const field = useTyped(team.name, team.updated_at);
  const update = useMutation(
    trpc.teams.update.mutationOptions({
      onSuccess(saved) {
        field.saved(saved.name, saved.updated_at);
        void queryClient.invalidateQueries({ queryKey: trpc.teams.list.queryKey() });
        // The rail has the name from the server.
        router.refresh();
        showToast({ kind: "done", text: `The team is called ${saved.name}.` });
      },
      onError: field.refused,
    }),
  );
  const errors = errorsAt(update.error, ["name"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!update.isPending) update.mutate({ id: team.id, name: field.typed, if_updated_at: field.readAt });
  };
  return (
    <form aria-label="Name of the team" onSubmit={submit} className="grid gap-3.5">
      <div className="max-w-md">
        <Field
          label="Name"
          {...(errors.at.name === undefined
            ? { help: "What people see in the rail and in invitations." }
            : { error: errors.at.name })}
        >
          <Input value={field.typed} onChange={(event) => field.type(event.target.value)} />
        </Field>
      </div>
      <FormError docs={errors.docs}>{errors.rest}</FormError>
      <div>
        <Button size="lg" kind="primary" type="submit" isBusy={update.isPending} disabled={field.typed === team.name}>
          Rename
        </Button>
      </div>
    </form>
  );
}
