"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { IconButton } from "#components/ui/button.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Select } from "#components/ui/select.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Capability, Role } from "#server/contracts/capability.ts";
import type { Invitation } from "#server/contracts/invitation.ts";
import type { Member, WayIn } from "#server/contracts/member.ts";
import { givableRoles } from "./givable-roles.ts";
import { InvitationRow } from "./invitation-row.tsx";
import { RemoveMemberDialog } from "./remove-member-dialog.tsx";
import { roleWords } from "./role-matrix.ts";
import { onWide, panel, td, th, tr } from "./section.tsx";

const WAYS_IN: Record<WayIn, string> = {
  passkey: "passkey",
  provider: "company log-in",
  password_and_code: "password + code",
  password: "password",
};

interface MembersTableProps {
  members: readonly Member[];
  invitations: readonly Invitation[];
  can: readonly Capability[];
}

export function MembersTable({ members, invitations, can }: MembersTableProps) {
  const [removing, setRemoving] = useState<Member>();
  const mayManage = can.includes("members.manage");
  return (
    <div className={panel}>
      <table className="w-full table-fixed border-collapse">
        <thead>
          <tr>
            <th className={th}>Member</th>
            <th className={`${th} w-32 max-md:w-28`}>Role</th>
            {mayManage ? <th className={`${th} ${onWide} w-56`}>Signs in with</th> : null}
            <th className={`${th} ${onWide} w-36`}>Last seen</th>
            {mayManage ? null : <th className={`${th} ${onWide} w-36`}>In the team since</th>}
            <th className={`${th} w-28 ${invitations.length > 0 ? "max-md:w-24" : "max-md:w-14"}`}>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow key={member.id} member={member} can={can} onRemove={() => setRemoving(member)} />
          ))}
          {mayManage ? invitations.map((one) => <InvitationRow key={one.id} invitation={one} />) : null}
        </tbody>
      </table>
      <RemoveMemberDialog member={removing} onClose={() => setRemoving(undefined)} />
    </div>
  );
}

interface MemberRowProps {
  member: Member;
  can: readonly Capability[];
  onRemove: () => void;
}

function MemberRow({ member, can, onRemove }: MemberRowProps) {
  const mayChange = can.includes("members.manage") && (member.role !== "owner" || can.includes("team.own"));
  return (
    <tr className={tr}>
      <td className={td}>
        <span className="flex min-w-0 items-center gap-2">
          <span
            aria-hidden="true"
            className="grid size-5 shrink-0 place-items-center rounded-full bg-press font-semibold text-[9.5px] text-ink-2 max-md:hidden"
          >
            {member.email.slice(0, 2)}
          </span>
          <span className="truncate" title={member.email}>
            {member.email}
          </span>
          {member.is_you ? <span className="shrink-0 text-muted text-xs">you</span> : null}
        </span>
      </td>
      <td className={td}>{mayChange ? <RoleSelect member={member} can={can} /> : roleWords(member.role)}</td>
      {member.signs_in_with === null ? null : (
        <td className={`${td} ${onWide} truncate text-muted`}>
          {member.signs_in_with.map((way) => WAYS_IN[way]).join(", ") || "nothing yet"}
        </td>
      )}
      <td className={`${td} ${onWide} text-muted`}>
        {member.last_seen_at === null ? "signed out" : <RelativeTime iso={member.last_seen_at} />}
      </td>
      {member.signs_in_with === null ? (
        <td className={`${td} ${onWide} text-muted`}>
          <RelativeTime iso={member.created_at} />
        </td>
      ) : null}
      <td className={`${td} text-right`}>
        {mayChange || member.is_you ? (
          <Menu trigger={<IconButton icon="more" size="sm" label={`More about ${member.email}`} />}>
            <MenuItem icon="close" isDanger onSelect={onRemove}>
              {member.is_you ? "Leave the team…" : "Remove from the team…"}
            </MenuItem>
          </Menu>
        ) : null}
      </td>
    </tr>
  );
}

function RoleSelect({ member, can }: { member: Member; can: readonly Capability[] }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const update = useMutation(
    trpc.members.update.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.members.list.queryKey() }),
      onError: ({ message }) => showToast({ kind: "failed", text: message }),
    }),
  );
  const change = (role: Role) => {
    const before = member.role;
    if (role === before || update.isPending) return;
    update.mutate(
      { id: member.id, role },
      {
        onSuccess() {
          // What this person may do from now on is the server's to say.
          if (member.is_you) router.refresh();
          showToast({
            kind: "done",
            text: (
              <>
                <b>{member.email}</b> is {roleWords(role)} now.
              </>
            ),
            ...(!member.is_you && {
              action: { label: "Undo", run: () => update.mutate({ id: member.id, role: before }) },
            }),
          });
        },
      },
    );
  };
  return (
    <Select
      size="md"
      aria-label={`Role of ${member.email}`}
      options={givableRoles(can).map((role) => ({ value: role, label: roleWords(role) }))}
      value={update.isPending ? update.variables.role : member.role}
      onChange={change}
    />
  );
}
