"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { showToast } from "#components/ui/toasts.ts";
import { AskFirst } from "./ask-first.tsx";
import { panel, td, th, tr } from "./section.tsx";
import { type SignedDestination, secretsOf } from "./signed-destinations.ts";

interface SigningSecretsProps {
  destinations: readonly SignedDestination[];
  mayRotate: boolean;
  mayEnd: boolean;
  onRotated: (destination: SignedDestination, secret: string) => void;
}

interface Asked {
  destination: SignedDestination;
  what: "rotate" | "end";
}

const sayFailed = ({ message }: { message: string }) => showToast({ kind: "failed", text: message });

/** The secrets as they are read, with what can be done with each. */
export function SigningSecrets({ destinations, mayRotate, mayEnd, onRotated }: SigningSecretsProps) {
  const [asked, setAsked] = useState<Asked>();
  return (
    <div className={panel}>
      <table className="w-full table-fixed border-collapse">
        <thead>
          <tr>
            <th className={th}>Destination</th>
            <th className={`${th} w-32`}>Secret</th>
            <th className={`${th} w-32 max-md:hidden`}>State</th>
            {mayRotate || mayEnd ? (
              <th className={`${th} w-24`}>
                <span className="sr-only">Actions</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {destinations.map((destination) => {
            const { current, previous } = secretsOf(destination);
            return (
              <Fragment key={destination.id}>
                <tr className={tr}>
                  <td className={`${td} truncate font-medium`} title={destination.name}>
                    {destination.name}
                  </td>
                  <td className={`${td} truncate font-mono text-muted text-xs`}>{current}</td>
                  <td className={`${td} max-md:hidden`}>current</td>
                  {mayRotate || mayEnd ? (
                    <td className={`${td} text-right`}>
                      {mayRotate ? (
                        <Button
                          size="sm"
                          kind="quiet"
                          aria-label={`Rotate the secret of ${destination.name}`}
                          onClick={() => setAsked({ destination, what: "rotate" })}
                        >
                          Rotate
                        </Button>
                      ) : null}
                    </td>
                  ) : null}
                </tr>
                {previous === undefined ? null : (
                  <tr className={tr}>
                    <td className={`${td} text-muted`}>previous one</td>
                    <td className={`${td} truncate font-mono text-muted text-xs`}>{previous}</td>
                    <td className={`${td} text-hold text-xs max-md:hidden`}>still valid</td>
                    {mayRotate || mayEnd ? (
                      <td className={`${td} text-right`}>
                        {mayEnd ? (
                          <Button
                            size="sm"
                            kind="quiet"
                            aria-label={`End the previous secret of ${destination.name}`}
                            onClick={() => setAsked({ destination, what: "end" })}
                          >
                            End now
                          </Button>
                        ) : null}
                      </td>
                    ) : null}
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
      <AskedDialog asked={asked} onClose={() => setAsked(undefined)} onRotated={onRotated} />
    </div>
  );
}

interface AskedDialogProps {
  asked: Asked | undefined;
  onClose: () => void;
  onRotated: SigningSecretsProps["onRotated"];
}

/** Asks before a secret is made or ends. */
function AskedDialog({ asked, onClose, onRotated }: AskedDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.destinations.list.queryKey() });
  const rotate = useMutation(trpc.destinations.rotateSecret.mutationOptions({ onSuccess, onError: sayFailed }));
  const update = useMutation(trpc.destinations.update.mutationOptions({ onSuccess, onError: sayFailed }));
  const name = asked?.destination.name ?? "";
  const hasPrevious = asked !== undefined && secretsOf(asked.destination).previous !== undefined;
  const confirm = async () => {
    if (!asked) return;
    const { id, updated_at: if_updated_at } = asked.destination;
    if (asked.what === "rotate") {
      const { secret } = await rotate.mutateAsync({ id, if_updated_at });
      if (secret !== null) onRotated(asked.destination, secret);
      return;
    }
    await update.mutateAsync({ id, config: { auth: { previous_secret: null } }, if_updated_at });
    showToast({
      kind: "done",
      text: (
        <>
          <b>{name}</b> is signed with its current secret alone.
        </>
      ),
    });
  };
  const isRotation = asked?.what !== "end";
  return (
    <AskFirst
      isOpen={asked !== undefined}
      onOpenChange={onClose}
      title={isRotation ? `Rotate the secret of ${name}?` : `End the previous secret of ${name}?`}
      affects={
        isRotation
          ? `A new secret is made and shown once. The current one stays valid beside it.${
              hasPrevious ? " The one before that, which is still valid now, ends at once." : ""
            }`
          : "Deliveries carry one signature from now on. A receiver that still knows only the previous secret refuses them."
      }
      confirmLabel={isRotation ? "Rotate it" : "End it"}
      onConfirm={confirm}
    />
  );
}
