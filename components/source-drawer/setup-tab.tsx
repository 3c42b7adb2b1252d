"use client";

import { useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { ShownOnce } from "#components/settings/shown-once.tsx";
import { Button } from "#components/ui/button.tsx";
import type { Source, SourceAuthType } from "#server/contracts/source.ts";
import { Accepted, Refused, Waiting } from "./arrival.tsx";
import { AUTH_FORMS, secretFieldOf } from "./auth-fields.ts";
import { KindLine } from "./kind-line.tsx";
import { canBeTested, missingProof } from "./missing-proof.ts";
import { docsOfKind, providerWords } from "./provider-words.ts";
import { SecretForm } from "./secret-step.tsx";
import { forgetShown, shownSecret, takeFresh } from "./shown-secrets.ts";
import { kindOfSource, type SourceKind, senderOf } from "./source-kinds.ts";
import { Help, Step, Steps } from "./steps.tsx";
import { TestFromOutside } from "./test-from-outside.tsx";
import { UrlRow } from "./url-row.tsx";
import { useArrivals } from "./use-arrivals.ts";
import { WhereTo } from "./where-to.tsx";

/** So many of the newest are looked at, to say how many of them failed. */
const LOOKED_AT = 25;

/** The steps from a new source to its first webhook, which also show what is wrong with one that is there. */
export function SetupTab({ source }: { source: Source }) {
  const mayWrite = useMay("source.write");
  const arrivals = useArrivals(source.id, LOOKED_AT);
  const [isFresh] = useState(() => takeFresh(source.id));
  const [isReplacing, setReplacing] = useState(false);
  const kind = kindOfSource(source);
  const words = providerWords(kind);
  const docs = docsOfKind(kind);
  const missing = missingProof(source);
  const isTestable = canBeTested(source);
  const [newest] = arrivals ?? [];
  const isGood = newest?.status === "accepted";
  // A handshake is no failure: what comes next is waited for.
  const isWaiting = newest === undefined || newest.rejection_cause === "HANDSHAKE";
  const asksProof = missing !== null || AUTH_FORMS[source.config.auth_type].fields.length > 0;
  const first = asksProof ? 5 : 4;
  return (
    <Steps>
      <Step number={1} title="Provider" state="done">
        <KindLine kind={kind} />
        {docs === null ? null : (
          <Help>
            <a href={docs} target="_blank" rel="noreferrer" className="underline underline-offset-2 hovered:text-ink">
              How {kind.title} proves itself
            </a>
          </Help>
        )}
      </Step>
      <Step number={2} title="Name" state="done">
        <p className="truncate">{source.name}</p>
      </Step>
      <Step number={3} title={`Give this URL to ${senderOf(kind)}`} state="done">
        <UrlRow url={source.url} />
        <Help>{words.url}</Help>
      </Step>
      {asksProof ? (
        <SecretStep
          source={source}
          missing={missing}
          help={words.secret}
          isFresh={isFresh}
          isReplacing={isReplacing}
          onReplacing={setReplacing}
          mayWrite={mayWrite}
        />
      ) : null}
      <Step
        number={first}
        title={titleOf(arrivals)}
        state={isWaiting ? (missing ? "later" : "now") : isGood ? "done" : "failed"}
      >
        {newest === undefined ? (
          <Waiting since={Date.parse(source.created_at)} isNow={missing === null} />
        ) : isGood ? (
          <Accepted request={newest} />
        ) : (
          <Refused request={newest} onNewSecret={mayWrite ? () => setReplacing(true) : undefined} />
        )}
        {newest === undefined ? (
          <Help>
            {words.trigger}
            {isTestable ? " Or send one yourself:" : null}
          </Help>
        ) : null}
        {isTestable ? <TestFromOutside sourceId={source.id} mayWrite={mayWrite} /> : null}
      </Step>
      {isGood ? <WhereTo source={source} number={first + 1} /> : null}
    </Steps>
  );
}

function titleOf(arrivals: ReturnType<typeof useArrivals>): string {
  if (!arrivals || arrivals.length === 0) return "First webhook";
  if (arrivals.some(({ status }) => status === "accepted")) return "Newest webhook";
  if (arrivals[0]?.rejection_cause === "HANDSHAKE") return "The handshake came";
  const count = arrivals.length < LOOKED_AT ? String(arrivals.length) : `${LOOKED_AT} or more`;
  return `${count} ${arrivals.length === 1 ? "webhook" : "webhooks"} came, none accepted`;
}

interface SecretStepProps {
  source: Source;
  missing: SourceAuthType | null;
  help: string;
  isFresh: boolean;
  isReplacing: boolean;
  onReplacing: (isReplacing: boolean) => void;
  mayWrite: boolean;
}

function SecretStep({ source, missing, help, isFresh, isReplacing, onReplacing, mayWrite }: SecretStepProps) {
  const [shown, setShown] = useState(() => shownSecret(source.id));
  const authType = missing ?? source.config.auth_type;
  const field = secretFieldOf(authType);
  const label = field?.label ?? AUTH_FORMS[authType].fields[0]?.label ?? "Secret";
  const lower = label.toLowerCase();
  const masked = source.config.auth[field?.name ?? "webhook_id"];
  if (missing || isReplacing) {
    return (
      <Step number={4} title={`Paste the ${lower}`} state="now">
        <Help>{help}</Help>
        {missing ? (
          <p className="text-hold text-xs">
            {source.config.auth_type === "NONE"
              ? "Until then nothing is verified: anybody who knows the URL can send."
              : "Until then everything is refused, and the sender tries again later."}
          </p>
        ) : null}
        {mayWrite ? (
          <SecretForm
            source={source}
            authType={authType}
            isFocused={isFresh || isReplacing}
            onSaved={() => {
              setShown(undefined);
              forgetShown(source.id);
              onReplacing(false);
            }}
            {...(isReplacing && !missing ? { onCancel: () => onReplacing(false) } : {})}
          />
        ) : null}
      </Step>
    );
  }
  if (shown !== undefined) {
    const done = () => {
      forgetShown(source.id);
      setShown(undefined);
    };
    return (
      <Step number={4} title={`Give it the ${lower}`} state="now">
        <ShownOnce title={`${label}, shown once`} secret={shown} tryIt={help} onDone={done} />
      </Step>
    );
  }
  return (
    <Step number={4} title={label} state="done">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-mono text-xs">{String(masked ?? "")}</span>
        {mayWrite ? (
          <Button size="sm" kind="quiet" onClick={() => onReplacing(true)}>
            {AUTH_FORMS[authType].secretBy === "us" ? "Use another" : "Replace"}
          </Button>
        ) : null}
      </div>
    </Step>
  );
}

/** For the footer of the drawer. */
export function ConnectIt({ sourceId, kind }: { sourceId: string; kind: SourceKind }) {
  const { openNew } = useDrawerPlace();
  const may = useMay("connection.write");
  return (
    <>
      <span className="flex-1 text-muted text-xs">
        You may close this; it goes on taking what comes from {senderOf(kind)}.
      </span>
      {may ? (
        <Button icon="connections" onClick={() => openNew("connection", { source: sourceId })}>
          Connect it…
        </Button>
      ) : null}
    </>
  );
}
