import type { Metadata } from "next";
import { DoorFrame } from "#components/door/door-frame.tsx";
import { FirstRunForm } from "#components/door/first-run-form.tsx";
import { LinkButton } from "#components/ui/button.tsx";
import { ownerLink } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "First run · Switchyard" };

export default async function FirstRunPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { token } = await searchParams;
  const given = typeof token === "string" ? token : "";
  const link = await ownerLink(given);
  if (link.kind !== "good")
    return (
      <DoorFrame>
        <h1 className="mb-5 font-semibold text-[22px] leading-7 tracking-tight">
          {link.kind === "used" ? "This link was used" : "This link is not good"}
        </h1>
        <LinkButton href="/sign-in" kind="primary" size="lg">
          Go to sign in
        </LinkButton>
      </DoorFrame>
    );
  return (
    <DoorFrame>
      <h1 className="mb-5 font-semibold text-[22px] leading-7 tracking-tight">Make the owner</h1>
      <FirstRunForm token={given} />
    </DoorFrame>
  );
}
