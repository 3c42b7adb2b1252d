"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { REVOKED_KEYS } from "./key-lists.ts";
import { panel, td, th, tr } from "./section.tsx";

/** The keys that were, read only where somebody asks for them. */
export function RevokedKeys() {
  const trpc = useTRPC();
  const [isOpen, setOpen] = useQueryState("revoked", parseAsBoolean.withDefault(false));
  const { data, error } = useQuery(trpc.apiKeys.list.queryOptions(REVOKED_KEYS, { enabled: isOpen }));
  return (
    <section className="mt-4">
      <Button
        size="sm"
        kind="quiet"
        icon={isOpen ? "down" : "right"}
        aria-expanded={isOpen}
        onClick={() => setOpen(isOpen ? null : true)}
      >
        Revoked keys
      </Button>
      {isOpen && error ? <p className="mt-2 text-failed text-xs">{error.message}</p> : null}
      {isOpen && data?.data.length === 0 ? <p className="mt-2 text-muted text-xs">None was revoked.</p> : null}
      {isOpen && data && data.data.length > 0 ? (
        <div className={`${panel} mt-2`}>
          <table className="w-full table-fixed border-collapse">
            <thead>
              <tr>
                <th className={th}>Name</th>
                <th className={`${th} w-[120px]`}>Key</th>
                <th className={`${th} w-32`}>Revoked</th>
              </tr>
            </thead>
            <tbody>
              {data.data.map((key) => (
                <tr key={key.id} className={tr}>
                  <td className={`${td} truncate text-muted`}>{key.name}</td>
                  <td className={`${td} font-mono text-muted text-xs`}>sy_…{key.last_four}</td>
                  <td className={td}>{key.revoked_at ? <RelativeTime iso={key.revoked_at} /> : null}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </section>
  );
}
