"use client";

import { useState } from "react";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { Role } from "#server/contracts/capability.ts";
import { ROLE_MATRIX, ROLES_IN_ORDER, roleWords, rowHolds } from "./role-matrix.ts";
import { panel, td, th, tr } from "./section.tsx";

const ROLE_OPTIONS = ROLES_IN_ORDER.map((role) => ({ value: role, label: roleWords(role) }));

/** What each role may do; a phone has room for one of them. `counts`: how many people have it. */
export function RoleTable({ counts }: { counts: Readonly<Record<Role, number>> }) {
  const [shown, setShown] = useState<Role>("member");
  const onPhone = (role: Role) => role !== shown && "max-md:hidden";
  return (
    <>
      <div className="mb-2 grid md:hidden [&>*>*]:flex-1 [&>*>*]:justify-center [&>*]:flex">
        <Segmented label="Role" options={ROLE_OPTIONS} value={shown} onChange={setShown} />
      </div>
      <div className={panel}>
        <table className="w-full border-collapse">
          <thead>
            <tr>
              <th className={th}>
                <span className="sr-only">What</span>
              </th>
              {ROLES_IN_ORDER.map((role) => (
                <th key={role} className={cn(th, "w-28", onPhone(role))}>
                  {roleWords(role)} <span className="text-faint">{counts[role]}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROLE_MATRIX.map((row) => (
              <tr key={row.label} className={tr}>
                <td className={cn(td, "max-md:py-2")}>{row.label}</td>
                {ROLES_IN_ORDER.map((role) => (
                  <td key={role} className={cn(td, onPhone(role))}>
                    <Mark may={rowHolds(row, role)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-2 text-muted text-xs">
        A role change holds from the next click on, in every open window. An API key never may more than the one who
        made it.
      </p>
    </>
  );
}

const Mark = ({ may }: { may: boolean }) => (
  <span title={may ? "may" : "may not"} className={cn("inline-flex", may ? "text-ink" : "text-disabled")}>
    <Icon name={may ? "check" : "minus"} size={14} />
    <span className="sr-only">{may ? "yes" : "no"}</span>
  </span>
);
