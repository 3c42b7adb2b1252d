"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Issue } from "#server/contracts/issue.ts";
import type { IssueAction } from "./issue-words.ts";

const HOUR_MS = 3_600_000;

interface IssueActionsProps {
  issue: Issue;
  actions: readonly IssueAction[];
  mayManage: boolean;
}

/** What mends it, and the ways to put it off or to end it. */
export function IssueActions({ issue, actions, mayManage }: IssueActionsProps) {
  const { snooze, wake, resolve, never } = useIssueActs(issue);
  const isOver = issue.state === "resolved";
  return (
    <div className="flex flex-wrap items-center gap-2">
      {actions.map(({ label, href, isPrimary, icon }) => (
        <LinkButton
          key={label}
          href={href}
          size="md"
          kind={isPrimary && !isOver ? "primary" : "plain"}
          {...(icon && { icon })}
        >
          {label}
        </LinkButton>
      ))}
      {mayManage && issue.state === "open" ? (
        <Button size="md" isBusy={snooze.isPending} onClick={() => snooze.mutate({ id: issue.id, for_ms: HOUR_MS })}>
          Mute 1 h
        </Button>
      ) : null}
      {mayManage && !isOver ? (
        <Button size="md" kind="quiet" isBusy={never.isPending} onClick={() => never.mutate()}>
          Never for this {issue.subject.kind}
        </Button>
      ) : null}
      {mayManage && issue.state === "snoozed" ? (
        <Button size="md" isBusy={wake.isPending} onClick={() => wake.mutate({ id: issue.id })}>
          Unmute
        </Button>
      ) : null}
      {mayManage && !isOver ? (
        <Button size="md" kind="quiet" isBusy={resolve.isPending} onClick={() => resolve.mutate({ id: issue.id })}>
          Resolve
        </Button>
      ) : null}
    </div>
  );
}

function useIssueActs(issue: Issue) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const renew = () => queries.invalidateQueries({ queryKey: trpc.issues.pathKey() });
  const failed = (error: { message: string }) => showToast({ text: error.message, kind: "failed" });
  const wake = useMutation(trpc.issues.wake.mutationOptions({ onError: failed, onSettled: renew }));
  const snooze = useMutation(
    trpc.issues.snooze.mutationOptions({
      onError: failed,
      onSettled: renew,
      onSuccess: () =>
        showToast({
          text: `${issue.subject.name} is muted for an hour`,
          kind: "done",
          action: { label: "Undo", run: () => wake.mutate({ id: issue.id }) },
        }),
    }),
  );
  const resolve = useMutation(
    trpc.issues.resolve.mutationOptions({
      onError: failed,
      onSettled: renew,
      onSuccess: () => showToast({ text: "Resolved. Where it is still so in an hour, it opens again.", kind: "done" }),
    }),
  );
  const rules = trpc.issues.rules.queryOptions({});
  const update = useMutation(trpc.issues.updateRules.mutationOptions());
  const never = useMutation({
    mutationFn: async () => {
      const now = await queries.fetchQuery({ ...rules, staleTime: 0 });
      const muted_ids = [...now.rules[issue.kind].muted_ids, issue.subject.id];
      const if_updated_at = now.updated_at ?? undefined;
      return update.mutateAsync({ rules: { [issue.kind]: { muted_ids } }, ...(if_updated_at && { if_updated_at }) });
    },
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: rules.queryKey }),
    onSuccess: () =>
      showToast({ text: `This is not said of ${issue.subject.name} any more. Rules brings it back.`, kind: "done" }),
  });
  return { snooze, wake, resolve, never };
}
