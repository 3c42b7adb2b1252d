"use client";

import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import type { Capability, Role } from "#server/contracts/capability.ts";
import type { CreatedInvitation, Invitation } from "#server/contracts/invitation.ts";
import type { Member } from "#server/contracts/member.ts";
import { InviteForm } from "./invite-form.tsx";
import { MembersTable } from "./members-table.tsx";
import { RoleTable } from "./role-table.tsx";
import { SectionHead, SectionSkeleton, SubHead } from "./section.tsx";
import { ShownOnce } from "./shown-once.tsx";

const TITLE = "Members and roles";
const NEWEST = { limit: 255 };

export const MembersSkeleton = () => <SectionSkeleton title={TITLE} about="Everybody has one role in this team." />;

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

function aboutOf(members: readonly Member[], open: readonly Invitation[]): string {
  const invited = open.length > 0 ? `, ${counted(open.length, "invitation", "invitations")}` : "";
  return `${counted(members.length, "member", "members")}${invited}. Everybody has one role in this team.`;
}

const countsOf = (members: readonly Member[]): Record<Role, number> => {
  const of = (role: Role) => members.filter((member) => member.role === role).length;
  return { viewer: of("viewer"), member: of("member"), admin: of("admin"), owner: of("owner") };
};

export function MembersView({ can }: { can: readonly Capability[] }) {
  const trpc = useTRPC();
  const mayManage = can.includes("members.manage");
  const { data } = useSuspenseQuery(trpc.members.list.queryOptions({}));
  const invitations = useQuery(trpc.invitations.list.queryOptions(NEWEST, { enabled: mayManage }));
  const open = (invitations.data?.data ?? []).filter(({ state }) => state === "open");
  const [isInviting, setInviting] = useQueryState("invite", parseAsBoolean.withDefault(false));
  const [made, setMade] = useState<CreatedInvitation>();
  return (
    <>
      <SectionHead
        title={TITLE}
        about={aboutOf(data.data, open)}
        action={
          mayManage ? (
            <Button kind="primary" icon="plus" aria-expanded={isInviting} onClick={() => setInviting(true)}>
              Invite
            </Button>
          ) : undefined
        }
      />
      {mayManage && isInviting ? (
        <InviteForm
          can={can}
          onCancel={() => setInviting(null)}
          onMade={(invitation) => {
            setMade(invitation);
            void setInviting(null);
          }}
        />
      ) : null}
      {made ? (
        <ShownOnce
          key={made.id}
          title={<>The invitation of {made.email}. Send them this link: it cannot be shown again.</>}
          note={`For ${made.email} alone, once`}
          secret={location.origin + made.path}
          onDone={() => setMade(undefined)}
        />
      ) : null}
      <MembersTable members={data.data} invitations={open} can={can} />
      <SubHead>What each role may do</SubHead>
      <RoleTable counts={countsOf(data.data)} />
    </>
  );
}
