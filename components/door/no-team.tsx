"use client";

import { Button } from "#components/ui/button.tsx";
import { callAuth } from "./call-auth.ts";
import { DoorHead, doorButton } from "./door-frame.tsx";

/** Signed in, and a member of nothing (any more). */
export function NoTeam({ email }: { email: string }) {
  const signOut = async () => {
    await callAuth("/sign-out");
    location.assign("/sign-in");
  };
  return (
    <>
      <DoorHead title="You are in no team">
        <b>{email}</b> is signed in, and no team here has this person. Ask an admin of yours for an invitation.
      </DoorHead>
      <Button size="lg" className={doorButton} onClick={signOut}>
        Sign out
      </Button>
    </>
  );
}
