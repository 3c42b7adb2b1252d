import type { Metadata } from "next";
import { DoorHead, DoorNote } from "#components/door/door-frame.tsx";
import { NewPasswordForm } from "#components/door/new-password-form.tsx";
import { SpentLink } from "#components/door/spent-link.tsx";
import { passwordLink } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "New password · Switchyard" };

export default async function NewPasswordPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { token } = await searchParams;
  const given = typeof token === "string" ? token : "";
  const link = await passwordLink(given);
  if (!link) return <SpentLink kind="password" usedAt={null} />;
  return (
    <>
      <DoorHead title="Set a new password">
        For <b>{link.email}</b>. This link works once.
      </DoorHead>
      <NewPasswordForm token={given} email={link.email} />
      <DoorNote>A second factor that there was is off: set it up again in the settings.</DoorNote>
    </>
  );
}
