"use client";

import { useQuery } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Age } from "#components/lists/age.tsx";
import { changedMembers } from "#components/settings/audit-changes.ts";
import { ACTIONS, actorName } from "#components/settings/audit-words.ts";
import type { AuditEntry } from "#server/contracts/audit.ts";

const SHOWN = 8;
const TOLD_MEMBERS = 2;
const TOLD_CHARS = 40;

const shortly = (text: string | undefined) =>
  text === undefined ? "none" : text.length > TOLD_CHARS ? `${text.slice(0, TOLD_CHARS)}…` : text;

/** `Changed config.rate_limit: 120 became 60`. */
function changeWords(entry: AuditEntry): string {
  const word = ACTIONS[entry.action] ?? entry.action.replaceAll("_", " ");
  if (entry.action !== "update") {
    const said = word.replace(/ of$/, "");
    return said.charAt(0).toUpperCase() + said.slice(1);
  }
  const members = changedMembers(entry);
  const told = members
    .slice(0, TOLD_MEMBERS)
    .map(({ path, before, after }) => `${path}: ${shortly(before)} became ${shortly(after)}`);
  const more = members.length - told.length;
  return `Changed ${told.join("; ")}${more > 0 ? `, and ${more} more` : ""}`;
}

/** Who changed a resource lately, and what; for those who may read the audit log. */
export function LatestChanges({ id }: { id: string }) {
  const mayRead = useMay("audit.read");
  const trpc = useTRPC();
  // The key begins as that of the configuration does, so that a change is followed.
  const { data } = useQuery({
    ...trpc.audit.list.queryOptions({ resource_id: [id], limit: SHOWN }),
    enabled: mayRead,
    refetchInterval: 10_000,
  });
  if (!mayRead) return null;
  return (
    <section aria-label="Changes" className="px-4 pt-4 pb-6">
      <h3 className="mb-1 text-muted">Changes</h3>
      <ul>
        {data?.data.map((entry) => (
          <li key={entry.id} className="flex gap-3 border-line border-t py-1.5">
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{changeWords(entry)}</span>
            <span className="whitespace-nowrap text-muted">
              {actorName(entry)} · <Age iso={entry.created_at} hasAgo />
            </span>
          </li>
        ))}
        {data && data.data.length === 0 ? <li className="text-muted">Nothing was changed yet.</li> : null}
      </ul>
    </section>
  );
}
