"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { Capability } from "#server/contracts/capability.ts";
import { CheckSignatureForm } from "./check-signature-form.tsx";
import { SectionHead, SectionSkeleton, SubHead } from "./section.tsx";
import { ShownOnce } from "./shown-once.tsx";
import { isSigned, MOST_DESTINATIONS, type SignedDestination } from "./signed-destinations.ts";
import { SigningKinds } from "./signing-kinds.tsx";
import { SigningSecrets } from "./signing-secrets.tsx";
import { VerifySample } from "./verify-sample.tsx";

const HEAD = {
  title: "Outbound signing",
  about: "How a receiver knows that a delivery came from here, whole and fresh.",
};

export const SigningSkeleton = () => <SectionSkeleton {...HEAD} />;

interface Rotated {
  destination: SignedDestination;
  secret: string;
}

export function SigningView({ can }: { can: readonly Capability[] }) {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.destinations.list.queryOptions({ limit: MOST_DESTINATIONS }));
  const [rotated, setRotated] = useState<Rotated>();
  const signed = data.data.filter(isSigned);
  return (
    <>
      <SectionHead {...HEAD} />
      {rotated ? (
        <ShownOnce
          key={rotated.secret}
          title={<>The new secret of {rotated.destination.name}. Copy it now: it cannot be shown again.</>}
          note="Deliveries carry both signatures"
          secret={rotated.secret}
          tryIt="Give it to the receiver. When it takes the new signature, end the previous one here."
          onDone={() => setRotated(undefined)}
        />
      ) : null}
      <div className="grid items-start gap-4 min-[1240px]:grid-cols-[minmax(0,1fr)_430px]">
        <div>
          <SigningKinds destinations={data.data} isMore={data.pagination.next !== null} />
          <SubHead>Signing secrets</SubHead>
          {signed.length === 0 ? (
            <EmptyState title="No destination signs yet">
              A destination that is made over HTTP signs with a secret of its own unless it names another way.
            </EmptyState>
          ) : (
            <SigningSecrets
              destinations={signed}
              mayRotate={can.includes("secrets.rotate")}
              mayEnd={can.includes("destination.write")}
              onRotated={(destination, secret) => setRotated({ destination, secret })}
            />
          )}
          <p className="mt-2 text-muted text-xs">
            While two are valid every delivery carries both signatures, so a receiver can change when it likes. The
            previous one is valid until somebody ends it.
            {data.pagination.next ? ` These are the newest ${MOST_DESTINATIONS} destinations.` : ""}
          </p>
        </div>
        <VerifySample>
          {can.includes("destination.write") && signed.length > 0 ? <CheckSignatureForm destinations={signed} /> : null}
        </VerifySample>
      </div>
    </>
  );
}
