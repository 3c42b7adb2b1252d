"use client";

import { lazy, useState } from "react";
import { Later } from "#components/frame/later.tsx";
import { Button } from "#components/ui/button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Account } from "#server/contracts/account.ts";
import type { Passkey } from "#server/contracts/passkey.ts";
import { Way } from "./way.tsx";

const loadAdd = async () => ({ default: (await import("./add-passkey.tsx")).AddPasskey });
const loadRemove = async () => ({ default: (await import("./remove-passkey.tsx")).RemovePasskey });
const AddPasskey = lazy(loadAdd);
const RemovePasskey = lazy(loadRemove);

interface PasskeysProps {
  account: Account;
  onDone: () => void;
}

/** The passkeys of the person, one a row, and the way to another. */
export function Passkeys({ account, onDone }: PasskeysProps) {
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Passkey>();
  const [isRemoving, setRemoving] = useState(false);
  const { passkeys, passkeys_at: at, has_password: hasPassword } = account;
  const remove = (passkey: Passkey) => {
    setRemoved(passkey);
    setRemoving(true);
  };
  return (
    <>
      <Way
        title="Passkeys"
        action={at === null ? null : <Button onClick={() => setAdding(true)}>Add a passkey</Button>}
      >
        {aboutPasskeys(passkeys.length, at)}
      </Way>
      {passkeys.map((passkey) => (
        <Way
          key={passkey.id}
          title={passkey.name}
          action={
            <Button kind="danger" aria-label={`Remove ${passkey.name}`} onClick={() => remove(passkey)}>
              Remove
            </Button>
          }
        >
          added <RelativeTime iso={passkey.created_at} />,{" "}
          {passkey.last_used_at ? (
            <>
              used <RelativeTime iso={passkey.last_used_at} />
            </>
          ) : (
            "never used"
          )}
          {passkey.is_backed_up ? ", synced between devices" : ", on one device alone"}
        </Way>
      ))}
      <Later isOpen={isAdding} load={loadAdd}>
        <AddPasskey hasPassword={hasPassword} isOpen={isAdding} onOpenChange={setAdding} onDone={onDone} />
      </Later>
      <Later isOpen={isRemoving} load={loadRemove}>
        <RemovePasskey
          passkey={removed}
          hasPassword={hasPassword}
          isOpen={isRemoving}
          onOpenChange={setRemoving}
          onDone={onDone}
        />
      </Later>
    </>
  );
}

function aboutPasskeys(count: number, at: string | null): string {
  if (at === null) return "Browsers keep them for a name behind https: the operator sets PUBLIC_DASHBOARD_URL to it.";
  if (count === 0) return "None. With one, a finger or a PIN of your device signs you in, without password and code.";
  return "Each signs you in without password and code.";
}
