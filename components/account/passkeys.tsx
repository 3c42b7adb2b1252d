"use client";

import { lazy, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Later } from "#components/ui/later.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Account } from "#server/contracts/account.ts";
import type { Passkey } from "#server/contracts/passkey.ts";
import { Way } from "./way.tsx";

const loadAdd = async () => ({ default: (await import("./add-passkey.tsx")).AddPasskey });
const loadRename = async () => ({ default: (await import("./rename-passkey.tsx")).RenamePasskey });
const loadRemove = async () => ({ default: (await import("./remove-passkey.tsx")).RemovePasskey });
const AddPasskey = lazy(loadAdd);
const RenamePasskey = lazy(loadRename);
const RemovePasskey = lazy(loadRemove);

interface PasskeysProps {
  account: Account;
  onDone: () => void;
}

type Asked = "add" | "rename" | "remove";

/** The passkeys of the person, one a row, and the way to another. */
export function Passkeys({ account, onDone }: PasskeysProps) {
  const [open, setOpen] = useState<Asked>();
  // It stays when its dialog closes, which shows it until it is gone.
  const [chosen, setChosen] = useState<Passkey>();
  const { passkeys, passkeys_at: at, has_password: hasPassword } = account;
  const ask = (what: Asked, passkey: Passkey) => () => {
    setChosen(passkey);
    setOpen(what);
  };
  const dialog = (what: Asked) => ({
    isOpen: open === what,
    onOpenChange: (isOpen: boolean) => setOpen(isOpen ? what : undefined),
    onDone,
  });
  return (
    <>
      <Way title="Passkeys" action={at === null ? null : <Button onClick={() => setOpen("add")}>Add a passkey</Button>}>
        {aboutPasskeys(passkeys.length, at)}
      </Way>
      {passkeys.map((passkey) => (
        <Way
          key={passkey.id}
          title={passkey.name}
          action={
            <>
              <Button aria-label={`Rename ${passkey.name}`} onClick={ask("rename", passkey)}>
                Rename
              </Button>
              <Button kind="danger" aria-label={`Remove ${passkey.name}`} onClick={ask("remove", passkey)}>
                Remove
              </Button>
            </>
          }
        >
          <Use of={passkey} />
        </Way>
      ))}
      <Later isOpen={open === "add"} load={loadAdd}>
        <AddPasskey hasPassword={hasPassword} {...dialog("add")} />
      </Later>
      <Later isOpen={open === "rename"} load={loadRename}>
        <RenamePasskey passkey={chosen} {...dialog("rename")} />
      </Later>
      <Later isOpen={open === "remove"} load={loadRemove}>
        <RemovePasskey passkey={chosen} hasPassword={hasPassword} {...dialog("remove")} />
      </Later>
    </>
  );
}

const Use = ({ of: { created_at, last_used_at, is_backed_up } }: { of: Passkey }) => (
  <>
    added <RelativeTime iso={created_at} />,{" "}
    {last_used_at ? (
      <>
        used <RelativeTime iso={last_used_at} />
      </>
    ) : (
      "never used"
    )}
    {is_backed_up ? ", synced between devices" : ", on one device alone"}
  </>
);

function aboutPasskeys(count: number, at: string | null): string {
  if (at === null) return "Browsers keep them for a name behind https: the operator sets PUBLIC_DASHBOARD_URL to it.";
  if (count === 0) return "None. With one, a finger or a PIN of your device signs you in, without password and code.";
  return "Each signs you in without password and code.";
}
