"use client";

import { Button } from "#components/ui/button.tsx";
import { DoorHead, doorButton } from "./door-frame.tsx";
import { signOut } from "./sign-out.ts";

/** Signed in, and a member of nothing (any more). */
export function NoTeam({ email }: { email: string }) {
  return (
    <>
      <DoorHead title="You are in no team">
        <b>{email}</b> is signed in, and no team here has this person. Ask an admin of yours for an invitation.
      </DoorHead>
      <Button size="lg" className={doorButton} onClick={() => void signOut()}>
        Sign out
      </Button>
    </>
  );
}
