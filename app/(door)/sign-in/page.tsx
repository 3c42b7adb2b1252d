import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { safeNext } from "#components/door/call-auth.ts";
import { DoorFrame } from "#components/door/door-frame.tsx";
import { SignInForm } from "#components/door/sign-in-form.tsx";
import { currentPerson } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Sign in · Switchyard" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { next } = await searchParams;
  const wanted = typeof next === "string" ? next : null;
  const person = await currentPerson();
  if (person?.teamId) redirect(safeNext(wanted));
  return (
    <DoorFrame>
      <h1 className="mb-5 font-semibold text-[22px] leading-7 tracking-tight">Sign in</h1>
      <SignInForm next={wanted} />
    </DoorFrame>
  );
}
