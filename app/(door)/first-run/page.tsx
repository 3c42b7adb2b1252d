import type { Metadata } from "next";
import { DoorHead, DoorNote } from "#components/door/door-frame.tsx";
import { FirstRunForm } from "#components/door/first-run-form.tsx";
import { FirstSteps } from "#components/door/first-steps.tsx";
import { SpentLink } from "#components/door/spent-link.tsx";
import { utcMinute } from "#components/door/utc-minute.ts";
import { ownerLink } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "First run · Switchyard" };

export default async function FirstRunPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { token } = await searchParams;
  const given = typeof token === "string" ? token : "";
  const link = await ownerLink(given);
  if (link.kind !== "good") return <SpentLink kind="owner" usedAt={link.kind === "used" ? link.usedAt : null} />;
  return (
    <>
      <FirstSteps />
      <DoorHead title="Make the owner">
        The server printed this link when it started. It works once, until <b>{utcMinute(link.expiresAt)}</b>.
      </DoorHead>
      <FirstRunForm token={given} />
      <DoorNote>
        The owner can do everything, and alone makes other owners. Invite the others as admin, member or viewer.
      </DoorNote>
    </>
  );
}
