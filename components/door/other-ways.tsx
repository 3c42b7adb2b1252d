"use client";

import type { SignInWays } from "#server/contracts/sign-in-ways.ts";
import { OrElse, PasskeyButton } from "./passkey-button.tsx";
import { ProviderButton } from "./provider-button.tsx";

interface OtherWaysProps {
  ways: SignInWays;
  /** Where the company's own log-in leads back to. */
  next: string | null;
  /** @param email of who is signed in now */
  onPasskey: (email: string) => void;
  /** What stands between them and the password. */
  orElse: string;
}

/** Whether the password is the last of the ways, and its button therefore a plain one. */
export const isPasswordLast = ({ hasPasskeys, provider }: SignInWays): boolean => hasPasskeys || provider !== null;

/** The ways in that come before the password; nothing where there are none. */
export function OtherWays({ ways, next, onPasskey, orElse }: OtherWaysProps) {
  const { hasPasskeys, provider } = ways;
  if (!isPasswordLast(ways)) return null;
  return (
    <>
      <div className="grid gap-2">
        {hasPasskeys ? <PasskeyButton onDone={onPasskey} /> : null}
        {provider ? <ProviderButton name={provider} next={next} kind={hasPasskeys ? "plain" : "primary"} /> : null}
      </div>
      <OrElse>{orElse}</OrElse>
    </>
  );
}
