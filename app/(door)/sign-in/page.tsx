import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { safeNext } from "#components/door/call-auth.ts";
import { NoTeam } from "#components/door/no-team.tsx";
import { SignInForm } from "#components/door/sign-in-form.tsx";
import { currentPerson, signInWays } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Sign in · Switchyard" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { next } = await searchParams;
  const wanted = typeof next === "string" ? next : null;
  const there = await currentPerson();
  // An invitation is opened by somebody who is in no team yet.
  if (there?.teamId || (there && wanted?.startsWith("/invite/"))) redirect(safeNext(wanted));
  return there ? <NoTeam email={there.person.email} /> : <SignInForm next={wanted} {...(await signInWays())} />;
}
