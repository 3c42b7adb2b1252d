"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Member } from "#server/contracts/member.ts";
import { AskFirst } from "./ask-first.tsx";

const sayFailed = ({ message }: { message: string }) => showToast({ kind: "failed", text: message });

/** Asks before somebody is no member any more; `member` undefined: closed. */
export function RemoveMemberDialog({ member, onClose }: { member: Member | undefined; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.members.remove.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.members.list.queryKey() }),
      onError: sayFailed,
    }),
  );
  const leave = useMutation(trpc.members.leave.mutationOptions({ onError: sayFailed }));
  const isYou = member?.is_you ?? false;
  const confirm = async () => {
    if (!member) return;
    if (isYou) {
      await leave.mutateAsync({});
      // Another team, or none: everything on the page is of the one that was left.
      location.assign("/");
      return;
    }
    await remove.mutateAsync({ id: member.id });
    showToast({
      kind: "done",
      text: (
        <>
          <b>{member.email}</b> is no member any more.
        </>
      ),
    });
  };
  return (
    <AskFirst
      isOpen={member !== undefined}
      onOpenChange={onClose}
      title={isYou ? "Leave this team?" : `Remove ${member?.email ?? ""}?`}
      affects={
        isYou
          ? "You see nothing of it from the next click on. Coming back needs an invitation."
          : "They see nothing of this team from the next click on. API keys that they made go on working: look under API keys."
      }
      confirmLabel={isYou ? "Leave it" : "Remove them"}
      onConfirm={confirm}
    />
  );
}
