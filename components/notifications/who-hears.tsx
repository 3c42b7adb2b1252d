"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { panel, SubHead, td, th, tr } from "#components/settings/section.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { IssueKind } from "#server/contracts/issue.ts";
import type { Notification } from "#server/contracts/notification.ts";
import { KIND_WORDS, KINDS } from "./channel-words.ts";

interface WhoHearsProps {
  notifications: readonly Notification[];
  mayWrite: boolean;
}

/** Which channel is told of which kind. */
export function WhoHears({ notifications, mayWrite }: WhoHearsProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const update = useMutation(
    trpc.notifications.update.mutationOptions({
      onError: (error) => showToast({ text: error.message, kind: "failed" }),
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.notifications.pathKey() }),
    }),
  );
  // What is asked for is shown at once, and taken back where it is refused.
  const asked = update.isPending ? update.variables : undefined;
  const kindsOf = ({ id, kinds }: Notification) => (asked?.id === id ? asked.kinds : kinds) ?? KINDS;
  const flip = (one: Notification, kind: IssueKind, isOn: boolean) => {
    const kinds = KINDS.filter((each) => (each === kind ? isOn : kindsOf(one).includes(each)));
    update.mutate({ id: one.id, kinds: kinds.length === KINDS.length ? null : kinds, if_updated_at: one.updated_at });
  };
  return (
    <>
      <SubHead>Who hears what</SubHead>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <section className={`${panel} overflow-x-auto`} tabIndex={0} aria-label="Who hears what">
        <table className="w-full border-collapse">
          <thead>
            <tr>
              <th className={th}>Kind</th>
              {notifications.map(({ id, name }) => (
                <th key={id} className={`${th} max-w-32 truncate`} title={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {KINDS.map((kind) => (
              <tr key={kind} className={tr}>
                <td className={`${td} min-w-44`}>{KIND_WORDS[kind]}</td>
                {notifications.map((one) => (
                  <td key={one.id} className={td}>
                    <Checkbox
                      aria-label={`${one.name} is told when: ${KIND_WORDS[kind]}`}
                      state={kindsOf(one).includes(kind)}
                      isDisabled={!mayWrite || update.isPending}
                      onChange={(isOn) => flip(one, kind, isOn)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
