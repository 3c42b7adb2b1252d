"use client";

import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { lazy, useState } from "react";
import { noteSignedIn } from "#components/data/standing.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Later } from "#components/ui/later.tsx";
import type { Account } from "#server/contracts/account.ts";
import { Passkeys } from "./passkeys.tsx";
import { Way } from "./way.tsx";

const loadPassword = async () => ({ default: (await import("./change-password.tsx")).ChangePassword });
const loadSetUp = async () => ({ default: (await import("./set-up-authenticator.tsx")).SetUpAuthenticator });
const loadTurnOff = async () => ({ default: (await import("./turn-off-authenticator.tsx")).TurnOffAuthenticator });
const ChangePassword = lazy(loadPassword);
const SetUpAuthenticator = lazy(loadSetUp);
const TurnOffAuthenticator = lazy(loadTurnOff);

type Asked = "password" | "set-up" | "turn-off";

/** How the person who looks gets in, and the ways to change that. */
export function AccountView() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data: account } = useSuspenseQuery(trpc.account.get.queryOptions({}));
  const [open, setOpen] = useState<Asked>();
  const show = (which: typeof open) => (isOpen: boolean) => setOpen(isOpen ? which : undefined);
  // Most of these put another session in the place of this one: what was begun with the old one says nothing of now.
  const reread = () => {
    noteSignedIn();
    void queryClient.invalidateQueries();
  };
  return (
    <section>
      <h3 className="mt-6 mb-2 font-semibold tracking-tight">How you sign in</h3>
      <div className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
        {account.has_password ? (
          <PasswordWays account={account} onOpen={setOpen} />
        ) : (
          <Way title="Password" action={null}>
            None: your company's log-in or a passkey signs you in.
          </Way>
        )}
        <Passkeys account={account} onDone={reread} />
      </div>
      <Later isOpen={open === "password"} load={loadPassword}>
        <ChangePassword isOpen={open === "password"} onOpenChange={show("password")} onDone={reread} />
      </Later>
      <Later isOpen={open === "set-up"} load={loadSetUp}>
        <SetUpAuthenticator isOpen={open === "set-up"} onOpenChange={show("set-up")} onDone={reread} />
      </Later>
      <Later isOpen={open === "turn-off"} load={loadTurnOff}>
        <TurnOffAuthenticator isOpen={open === "turn-off"} onOpenChange={show("turn-off")} onDone={reread} />
      </Later>
    </section>
  );
}

/** The password, and the code that is asked for after it. */
function PasswordWays({ account, onOpen }: { account: Account; onOpen: (what: Asked) => void }) {
  return (
    <>
      <Way title="Password" action={<Button onClick={() => onOpen("password")}>Change</Button>}>
        A new one ends your sessions everywhere else.
      </Way>
      <Way
        title="Second factor"
        action={
          account.has_second_factor ? (
            <Button kind="danger" onClick={() => onOpen("turn-off")}>
              Turn off
            </Button>
          ) : (
            <Button onClick={() => onOpen("set-up")}>Set up</Button>
          )
        }
      >
        {account.has_second_factor
          ? "On: after the password, a code of your authenticator."
          : "Off: the password is enough. An authenticator asks for a code besides."}
      </Way>
    </>
  );
}
