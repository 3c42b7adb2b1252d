"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { IconButton } from "#components/ui/button.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { ApiKey } from "#server/contracts/api-key.ts";
import { AskFirst } from "./ask-first.tsx";
import { capabilityWords } from "./capability-words.ts";
import { EndsIn } from "./ends-in.tsx";
import { makerWords } from "./maker-words.ts";
import { onWide, panel, td, th, tr } from "./section.tsx";

/** What a key may do beyond reading. */
const onOf = ({ scope, capabilities }: ApiKey) => {
  if (scope === "read") return "Everything";
  if (capabilities === null) return "Everything";
  return capabilities.map(capabilityWords).join(", ");
};

export function KeysTable({ keys, mayRevoke }: { keys: readonly ApiKey[]; mayRevoke: boolean }) {
  const [revoking, setRevoking] = useState<ApiKey>();
  return (
    <div className={panel}>
      <table className="w-full table-fixed border-collapse">
        <thead>
          <tr>
            <th className={`${th} w-[15%] max-xl:w-[24%] max-md:w-auto`}>Name</th>
            <th className={`${th} w-24 max-md:w-[104px]`}>Key</th>
            <th className={`${th} w-14 max-md:w-16`}>May</th>
            <th className={`${th} ${onWide}`}>On</th>
            <th className={`${th} ${onWide} w-[24%] max-xl:w-32`}>Last used</th>
            <th className={`${th} ${onWide} w-[14%] max-xl:hidden`}>Made by</th>
            <th className={`${th} ${onWide} w-22`}>Ends</th>
            {mayRevoke ? (
              <th className={`${th} w-12`}>
                <span className="sr-only">Actions</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id} className={tr}>
              <td className={`${td} truncate font-medium`} title={key.name}>
                {key.name}
              </td>
              <td className={`${td} font-mono text-muted text-xs`}>sy_…{key.last_four}</td>
              <td className={td}>{key.scope === "read" ? "Read" : "Write"}</td>
              <td className={`${td} ${onWide} truncate text-ink-2`} title={onOf(key)}>
                {onOf(key)}
              </td>
              <td className={`${td} ${onWide} truncate`}>
                {key.last_used_at === null ? (
                  <span className="text-muted">never</span>
                ) : (
                  <RelativeTime iso={key.last_used_at} />
                )}
                {key.last_used_ip === null ? null : (
                  <span className="ml-2 font-mono text-muted text-xs max-xl:hidden" title={key.last_used_ip}>
                    {key.last_used_ip}
                  </span>
                )}
              </td>
              <td className={`${td} ${onWide} truncate text-ink-2 max-xl:hidden`} title={makerWords(key)}>
                {makerWords(key)}
              </td>
              <td className={`${td} ${onWide} text-muted`}>
                {key.expires_at === null ? "never" : <EndsIn iso={key.expires_at} />}
              </td>
              {mayRevoke ? (
                <td className={`${td} text-right`}>
                  <Menu trigger={<IconButton icon="more" size="sm" label={`More about ${key.name}`} />}>
                    <MenuItem icon="trash" isDanger onSelect={() => setRevoking(key)}>
                      Revoke…
                    </MenuItem>
                  </Menu>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      <RevokeDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />
    </div>
  );
}

/** Asks before a key ends; `apiKey` undefined: closed. */
export function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey | undefined; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.apiKeys.revoke.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.apiKeys.list.queryKey() }),
      onError: ({ message }) => showToast({ kind: "failed", text: message }),
    }),
  );
  const confirm = async () => {
    if (!apiKey) return;
    await revoke.mutateAsync({ id: apiKey.id });
    showToast({
      kind: "done",
      text: (
        <>
          Revoked <b>{apiKey.name}</b>.
        </>
      ),
    });
  };
  return (
    <AskFirst
      isOpen={apiKey !== undefined}
      onOpenChange={onClose}
      title={`Revoke ${apiKey?.name ?? ""}?`}
      affects={
        <>
          {apiKey?.last_used_at ? (
            <>
              It was last used <RelativeTime iso={apiKey.last_used_at} />.
            </>
          ) : (
            "It was never used."
          )}{" "}
          Calls with it are refused from now on, within 5 seconds everywhere. This cannot be undone.
        </>
      }
      confirmLabel="Revoke it"
      onConfirm={confirm}
    />
  );
}
