"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Invitation } from "#server/contracts/invitation.ts";
import { EndsIn } from "./ends-in.tsx";
import { roleWords } from "./role-matrix.ts";
import { onWide, td, tr } from "./section.tsx";

/** Somebody who was invited and has not come yet. */
export function InvitationRow({ invitation }: { invitation: Invitation }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.invitations.revoke.mutationOptions({
      onSuccess() {
        void queryClient.invalidateQueries({ queryKey: trpc.invitations.list.queryKey() });
        showToast({
          kind: "done",
          text: (
            <>
              The invitation of <b>{invitation.email}</b> is withdrawn; its link opens nothing.
            </>
          ),
        });
      },
      onError: ({ message }) => showToast({ kind: "failed", text: message }),
    }),
  );
  return (
    <tr className={tr}>
      <td className={td}>
        <span className="flex min-w-0 items-center gap-2 text-muted">
          <span className="grid size-5 shrink-0 place-items-center rounded-full border border-line-strong border-dashed text-faint max-md:hidden">
            <Icon name="link" size={12} />
          </span>
          <span className="truncate" title={invitation.email}>
            {invitation.email}
          </span>
        </span>
      </td>
      <td className={`${td} text-muted`}>{roleWords(invitation.role)}</td>
      <td className={`${td} ${onWide} text-muted`}>
        link ends <EndsIn iso={invitation.expires_at} />
      </td>
      <td className={`${td} ${onWide} text-muted`}>
        invited <RelativeTime iso={invitation.created_at} />
      </td>
      <td className={`${td} text-right`}>
        <Button
          size="sm"
          kind="quiet"
          className="max-md:px-1"
          aria-label={`Withdraw the invitation of ${invitation.email}`}
          isBusy={revoke.isPending}
          onClick={() => revoke.mutate({ id: invitation.id })}
        >
          Withdraw
        </Button>
      </td>
    </tr>
  );
}
