"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useCallback, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { sayFailed } from "#components/graph-drawer/act.ts";
import { AskFirst } from "#components/settings/ask-first.tsx";
import { ShownOnce } from "#components/settings/shown-once.tsx";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { formatCount } from "#components/ui/format.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { SecretInput } from "#components/ui/secret-input.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Source } from "#server/contracts/source.ts";
import { AUTH_FORMS, previousOf, secretFieldOf } from "./auth-fields.ts";
import { rotationOf } from "./rotation-words.ts";
import { useArrivals, useSecretUses } from "./use-arrivals.ts";
import { useTakeSource } from "./use-source.ts";

const LATELY = 100;

/** The secrets by which the sender is proved, what each has matched, and their rotation. */
export function SecretsTab({ source }: { source: Source }) {
  const [shown, setShown] = useState<string>();
  const [isRotating, setRotating] = useState(false);
  const mayRotate = useMay("secrets.rotate");
  const { auth_type: authType, auth } = source.config;
  const field = secretFieldOf(authType);
  if (!field) return <p className="px-4 py-4 text-muted">{noSecretWords(source)}</p>;
  const current = auth[field.name];
  const previous = auth[previousOf(field.name)];
  const madeHere = AUTH_FORMS[authType].secretBy === "us";
  return (
    <div className="pb-3.5">
      {shown === undefined ? null : (
        <div className="px-4 pt-3.5">
          <ShownOnce
            title="The new secret, shown once"
            note="the one before stays valid"
            secret={shown}
            tryIt="Give it to the sender, then end the previous one here."
            onDone={() => setShown(undefined)}
          />
        </div>
      )}
      <div className="divide-y divide-line border-line border-b">
        <SecretRow source={source} which="secret" masked={String(current ?? "")} title={field.label} />
        {previous === undefined ? null : (
          <SecretRow source={source} which="previous_secret" masked={String(previous)} title="The one before" />
        )}
      </div>
      {previous === undefined ? null : <RunningRotation source={source} secretName={field.name} />}
      {mayRotate && previous === undefined ? (
        <div className="grid gap-2 px-4 pt-3">
          {isRotating ? (
            <RotateForm
              source={source}
              label={field.label}
              madeHere={madeHere}
              onDone={(secret) => {
                setRotating(false);
                setShown(secret ?? undefined);
              }}
              onCancel={() => setRotating(false)}
            />
          ) : (
            <div>
              <Button icon="key" onClick={() => setRotating(true)}>
                Rotate the secret…
              </Button>
            </div>
          )}
        </div>
      ) : null}
      <p className="px-4 pt-3 text-muted text-xs">Secrets are kept encrypted; the last four characters are shown.</p>
    </div>
  );
}

function noSecretWords({ type, config }: Source): string {
  if (type === "PUBLISH") return "Your services prove themselves by an API key, so there is no secret here.";
  if (config.auth_type === "NONE")
    return "This source asks for no proof, so there is no secret. Set one under Settings, or under Set up.";
  return "This sender signs with a key of its own, so there is no secret here.";
}

interface SecretRowProps {
  source: Source;
  which: "secret" | "previous_secret";
  masked: string;
  title: string;
}

function SecretRow({ source, which, masked, title }: SecretRowProps) {
  const uses = useSecretUses(source.id);
  const use = uses?.find(({ secret }) => secret === which);
  return (
    <div className="grid min-h-14 content-center gap-0.5 px-4 py-2">
      <div className="flex items-center gap-2">
        <b className="min-w-0 flex-1 truncate font-medium font-mono text-xs">{masked}</b>
        <span className={which === "secret" ? "text-delivered text-xs" : "text-hold text-xs"}>
          {which === "secret" ? "current" : "still valid"}
        </span>
      </div>
      <p className="text-muted text-xs">
        {title},{" "}
        {use?.last_used_at ? (
          <>
            last matched <RelativeTime iso={use.last_used_at} />
          </>
        ) : use?.stopped_at ? (
          <>
            has matched nothing that was looked at, back to <RelativeTime iso={use.stopped_at} />
          </>
        ) : uses ? (
          "has matched nothing that is kept"
        ) : (
          "…"
        )}
      </p>
    </div>
  );
}

/** Two secrets are valid: which of them senders use, and the end of the older one. */
function RunningRotation({ source, secretName }: { source: Source; secretName: string }) {
  const trpc = useTRPC();
  const take = useTakeSource();
  const mayWrite = useMay("source.write");
  const [isAsked, setAsked] = useState(false);
  const lately = useArrivals(source.id, LATELY) ?? [];
  const use = useSecretUses(source.id)?.find(({ secret }) => secret === "previous_secret");
  const rotatedAt = use?.since ?? source.updated_at;
  const safe = useNow(
    useCallback((nowMs: number) => (rotationOf([], use, rotatedAt, nowMs).isSafeToEnd ? 1 : 0), [use, rotatedAt]),
  );
  const { share, current, previous } = rotationOf(lately, use, rotatedAt, 0);
  const update = useMutation(
    trpc.sources.update.mutationOptions({
      onSuccess: take,
      onError: sayFailed,
    }),
  );
  const end = async () => {
    const config = { auth: { [previousOf(secretName)]: null } };
    await update.mutateAsync({ id: source.id, config, if_updated_at: source.updated_at });
    showToast({ kind: "done", text: "The previous secret has ended." });
  };
  const percent = share === null ? null : Math.round(share * 100);
  return (
    <section aria-label="Rotation" className="grid gap-2 px-4 pt-3">
      <h3 className="font-medium">Rotation runs: two secrets are valid</h3>
      {percent === null ? null : (
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" className="h-3 w-full rounded-xs" role="img">
          <title>{`${percent} percent matched the current secret, ${100 - percent} percent the previous one`}</title>
          <rect width={percent} height="6" className="fill-delivered-soft" />
          <rect x={percent} width={100 - percent} height="6" className="fill-hold-solid" />
        </svg>
      )}
      <p className="text-muted text-xs">
        {share === null
          ? "Nothing has matched either of them since the rotation began."
          : `Of the newest ${formatCount(current + previous)} that matched a secret, ${formatCount(previous)} still matched the previous one.`}
      </p>
      <p className="text-xs">
        <b className="font-medium">{safe ? "Safe to end." : "Not yet safe to end."}</b>{" "}
        <span className="text-muted">
          {safe
            ? "Nothing has matched the previous secret for an hour."
            : "It becomes safe when nothing has matched the previous secret for an hour. A sender that still uses it would be refused."}
        </span>
      </p>
      {mayWrite ? (
        <div>
          <Button kind={safe ? "primary" : "plain"} onClick={() => setAsked(true)}>
            End now…
          </Button>
        </div>
      ) : null}
      <AskFirst
        isOpen={isAsked}
        onOpenChange={setAsked}
        title={`End the previous secret of ${source.name}?`}
        affects={
          use?.last_used_at === null && use.stopped_at === undefined
            ? "Nothing that is kept has matched it. A sender that still knows only this one is refused from now on."
            : "A sender that still knows only this one is refused from now on."
        }
        confirmLabel="End it"
        onConfirm={end}
      />
    </section>
  );
}

interface RotateFormProps {
  source: Source;
  label: string;
  madeHere: boolean;
  /** With the secret that was made, to be shown once. */
  onDone: (secret: string | null) => void;
  onCancel: () => void;
}

function RotateForm({ source, label, madeHere, onDone, onCancel }: RotateFormProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const take = useTakeSource();
  const [secret, setSecret] = useState<string>();
  const rotate = useMutation(
    trpc.sources.rotateSecret.mutationOptions({
      async onSuccess(rotated) {
        take(await queryClient.fetchQuery(trpc.sources.get.queryOptions({ id: source.id }, { staleTime: 0 })));
        onDone(rotated.secret);
      },
    }),
  );
  const name = secretFieldOf(source.config.auth_type)?.name ?? "secret";
  const errors = errorsAt(rotate.error, ["secret", `config.auth.${name}`]);
  const error = errors.at.secret ?? errors.at[`config.auth.${name}`];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!rotate.isPending)
      rotate.mutate({ id: source.id, ...(secret ? { secret } : {}), if_updated_at: source.updated_at });
  };
  return (
    <form onSubmit={submit} className="grid gap-3" aria-label="Rotate the secret">
      <Field
        label={`The next ${label.toLowerCase()}`}
        {...(error === undefined
          ? {
              help: madeHere
                ? "Left empty, one is made and shown once."
                : "The sender makes it: roll it there, then paste it here.",
            }
          : { error })}
      >
        <SecretInput value={secret} onChange={setSecret} isFocused />
      </Field>
      <FormError docs={errors.docs}>{errors.rest}</FormError>
      <div className="flex items-center gap-2">
        <Button type="submit" kind="primary" size="lg" isBusy={rotate.isPending}>
          Rotate
        </Button>
        <Button kind="quiet" size="lg" onClick={onCancel}>
          Cancel
        </Button>
        <span className="text-muted text-xs">The current one stays valid beside it.</span>
      </div>
    </form>
  );
}
