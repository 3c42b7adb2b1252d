import type { ReactNode } from "react";
import { LinkButton } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { DoorHead, doorButton } from "./door-frame.tsx";
import { utcMinute } from "./utc-minute.ts";

interface SpentLinkProps {
  kind: "owner" | "invitation" | "password" | "mail";
  /** When it was used; null for a link that is not known, was taken back or has expired. */
  usedAt: Date | null;
}

const RESET = "npm run admin -- owner reset";
const AGAIN = {
  owner: "Start the server again: while there is no owner, each start prints a new one.",
  invitation: "Ask whoever sent it for a new one.",
  password: "Ask whoever runs the server for a new one.",
  mail: "Look for a newer mail.",
};

/** A link that is good for nothing any more. */
export function SpentLink({ kind, usedAt }: SpentLinkProps) {
  const made = kind === "owner" ? "An owner was made" : "Somebody joined";
  return (
    <>
      <span className="mb-4 grid size-10 place-items-center rounded-xl bg-inset text-muted">
        <Icon name="link" />
      </span>
      {usedAt === null ? (
        <DoorHead title="This link is not good">It is not known, was taken back or has expired. {AGAIN[kind]}</DoorHead>
      ) : (
        <DoorHead title="This link was used">
          {made} with it on <b>{utcMinute(usedAt)}</b>. It can make no second one.
        </DoorHead>
      )}
      <LinkButton href="/sign-in" kind="primary" size="lg" className={doorButton}>
        Go to sign in
      </LinkButton>
      {kind === "owner" && usedAt !== null ? (
        <NotYou>
          If that was not you, you own the server: take the team back from its terminal. Everybody is signed out and a
          new link is printed.
        </NotYou>
      ) : null}
    </>
  );
}

const NotYou = ({ children }: { children: ReactNode }) => (
  <div className="mt-6 border-line border-t pt-4">
    <p className="text-muted text-xs leading-[17px]">{children}</p>
    <div className="mt-2.5 flex items-center justify-between rounded-md bg-inset py-2 pr-2 pl-3">
      <code className="font-mono text-xs leading-[18px]">{RESET}</code>
      <CopyButton text={RESET} what="command" />
    </div>
  </div>
);
