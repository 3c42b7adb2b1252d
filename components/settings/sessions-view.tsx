"use client";

import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Session } from "#server/contracts/session.ts";
import { AskFirst } from "./ask-first.tsx";
import { deviceWords } from "./device-words.ts";
import { EndsIn } from "./ends-in.tsx";
import { onWide, panel, SectionHead, SectionSkeleton, td, th, tr } from "./section.tsx";

const HEAD = {
  title: "Sign-in and sessions",
  about: "Where you are signed in. A session that you do not know: sign it out.",
};

export const SessionsSkeleton = () => <SectionSkeleton {...HEAD} />;

const sayFailed = ({ message }: { message: string }) => showToast({ kind: "failed", text: message });
const sessions = (count: number) => `${count} ${count === 1 ? "session" : "sessions"}`;

export function SessionsView() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data } = useSuspenseQuery(trpc.sessions.list.queryOptions({}));
  const [isAsking, setAsking] = useState(false);
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.sessions.list.queryKey() });
  const revokeOthers = useMutation(trpc.sessions.revokeOthers.mutationOptions({ onSuccess, onError: sayFailed }));
  const others = data.data.filter(({ is_current }) => !is_current).length;
  const confirm = async () => {
    const { count } = await revokeOthers.mutateAsync({});
    showToast({ kind: "done", text: `Signed out of ${sessions(count)}.` });
  };
  return (
    <>
      <SectionHead
        {...HEAD}
        action={
          others > 0 ? (
            <Button kind="danger" onClick={() => setAsking(true)}>
              Sign out all others
            </Button>
          ) : undefined
        }
      />
      <div className={panel}>
        <table className="w-full table-fixed border-collapse">
          <thead>
            <tr>
              <th className={th}>Where</th>
              <th className={`${th} ${onWide} w-44`}>Address</th>
              <th className={`${th} ${onWide} w-32`}>Signed in</th>
              <th className={`${th} w-28 max-md:w-24`}>Last seen</th>
              <th className={`${th} ${onWide} w-28`}>Ends</th>
              <th className={`${th} w-24 max-md:w-22`}>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.data.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </tbody>
        </table>
      </div>
      <AskFirst
        isOpen={isAsking}
        onOpenChange={setAsking}
        title={`Sign out of ${sessions(others)}?`}
        affects="Every other browser of yours has to log in again. This one stays."
        confirmLabel={`Sign out ${others}`}
        keepLabel="Keep them"
        onConfirm={confirm}
      />
    </>
  );
}

function SessionRow({ session }: { session: Session }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.sessions.revoke.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.sessions.list.queryKey() }),
      onError: sayFailed,
    }),
  );
  const where = deviceWords(session.user_agent);
  return (
    <tr className={tr}>
      <td className={td}>
        <span className="flex min-w-0 items-center gap-x-1.5 max-md:flex-wrap max-md:py-1.5">
          <span className="md:truncate" title={session.user_agent ?? undefined}>
            {where}
          </span>
          {session.is_current ? (
            <span className="shrink-0 rounded-sm bg-delivered-bg px-1.5 font-medium text-2xs text-delivered">
              this one
            </span>
          ) : null}
        </span>
      </td>
      <td className={`${td} ${onWide} truncate font-mono text-muted text-xs`}>{session.ip_address ?? "–"}</td>
      <td className={`${td} ${onWide} text-muted`}>
        <RelativeTime iso={session.created_at} />
      </td>
      <td className={`${td} text-muted`}>{session.is_current ? "now" : <RelativeTime iso={session.last_used_at} />}</td>
      <td className={`${td} ${onWide} text-muted`}>
        <EndsIn iso={session.expires_at} />
      </td>
      <td className={`${td} text-right`}>
        {session.is_current ? null : (
          <Button
            size="sm"
            kind="quiet"
            aria-label={`Sign out ${where}`}
            isBusy={revoke.isPending}
            onClick={() => revoke.mutate({ id: session.id })}
          >
            Sign out
          </Button>
        )}
      </td>
    </tr>
  );
}
