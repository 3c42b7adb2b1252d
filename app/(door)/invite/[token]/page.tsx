import type { Metadata } from "next";
import { DoorHead, DoorNote } from "#components/door/door-frame.tsx";
import { InvitationCard } from "#components/door/invitation-card.tsx";
import { InviteForm } from "#components/door/invite-form.tsx";
import { SpentLink } from "#components/door/spent-link.tsx";
import { invitationLink } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Invitation · Switchyard" };

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const { link, who, validMs } = await invitationLink(token);
  if (link.kind !== "open") return <SpentLink kind="invitation" usedAt={link.kind === "used" ? link.usedAt : null} />;
  const { teamId, teamName, email, role, invitedBy, invitedAt } = link;
  return (
    <>
      <DoorHead title={`Join ${teamName}`} />
      <InvitationCard role={role} invitedBy={invitedBy} invitedAt={invitedAt.toISOString()} validMs={validMs} />
      <InviteForm token={token} email={email} teamId={teamId} who={who} />
      <DoorNote>
        {who === "other"
          ? "You are signed in with another address. "
          : who === "new"
            ? "Not you? Close this page. "
            : ""}
        The invitation only works for this address.
      </DoorNote>
    </>
  );
}
