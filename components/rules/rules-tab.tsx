"use client";

import { RULES, useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { useMay } from "#components/graph-drawer/may.tsx";
import { Button } from "#components/ui/button.tsx";
import type { Connection } from "#server/contracts/connection.ts";

/** The five rules of a connection, in the order in which they run. */
export function RulesTab({ connection }: { connection: Connection }) {
  const { openRule } = useDrawerPlace();
  const mayChange = useMay("connection.write");
  const has = (type: string) => connection.rules.some((rule) => rule.type === type);
  return (
    <ul>
      {RULES.map((type) => (
        <li key={type} className="flex items-center justify-between border-line border-b px-4 py-3">
          <span>{type}</span>
          {has(type) || mayChange ? (
            <Button size="sm" kind="quiet" onClick={() => openRule(connection.id, type)}>
              {has(type) ? "Open" : "Add"}
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
