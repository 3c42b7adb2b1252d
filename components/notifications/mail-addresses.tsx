"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { MailAddress } from "#server/contracts/mail-address.ts";

interface MailAddressesProps {
  chosen: readonly string[];
  onChoose: (chosen: readonly string[]) => void;
}

/** While a code is under way, what came of it is asked for again. */
const ASK_AGAIN_MS = 2_000;

/** It stands in the form of a channel, which Enter must not send. */
const onEnter = (run: () => void) => (event: KeyboardEvent) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  run();
};

function useRefresh() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: trpc.mailAddresses.pathKey() });
}

/** Addresses that have said yes, to choose from; those that have not yet, with their codes; and one more. */
export function MailAddresses({ chosen, onChoose }: MailAddressesProps) {
  const trpc = useTRPC();
  const { data, error } = useQuery(
    trpc.mailAddresses.list.queryOptions(
      {},
      {
        refetchInterval: ({ state }) =>
          state.data?.data.some(({ confirmed_at }) => confirmed_at === null) ? ASK_AGAIN_MS : false,
      },
    ),
  );
  if (error) return <FormError>{error.message}</FormError>;
  if (!data) return <p className="text-muted text-xs">Looking for addresses…</p>;
  if (data.unavailable_because !== null) return <p className="text-ignored">{data.unavailable_because}</p>;
  const choose = (address: string, isOn: boolean) =>
    onChoose(isOn ? [...chosen, address] : chosen.filter((each) => each !== address));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-[5px] font-medium text-ink-2 text-xs">Addresses</legend>
      {data.data.map((one) =>
        one.unsubscribed_at !== null ? (
          <div key={one.id} className="flex items-center gap-2 text-muted">
            <span className="min-w-0 flex-1 truncate">
              {one.address} <span className="text-xs">wants no mails of this team</span>
            </span>
            <Remove one={one} onRemoved={() => choose(one.address, false)} />
          </div>
        ) : one.confirmed_at === null ? (
          <Unconfirmed key={one.id} one={one} onConfirmed={() => choose(one.address, true)} />
        ) : (
          <div key={one.id} className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate">
              <Checkbox state={chosen.includes(one.address)} onChange={(isOn) => choose(one.address, isOn)}>
                {one.address}
              </Checkbox>
            </span>
            <Remove one={one} onRemoved={() => choose(one.address, false)} />
          </div>
        ),
      )}
      <NewAddress />
    </fieldset>
  );
}

/** A reply of the mail server begins with its number; anything else says what went wrong. */
const answerWords = ({ answer }: MailAddress) =>
  answer !== null && /^2\d\d/.test(answer) ? "It stands in the mail that went there." : (answer ?? "On its way.");

function Unconfirmed({ one, onConfirmed }: { one: MailAddress; onConfirmed: () => void }) {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const [code, setCode] = useState("");
  const again = useMutation(trpc.mailAddresses.ask.mutationOptions({ onSuccess: refresh }));
  const confirm = useMutation(
    trpc.mailAddresses.confirm.mutationOptions({
      onSuccess: () => {
        onConfirmed();
        void refresh();
      },
    }),
  );
  const give = () => confirm.mutate({ id: one.id, code });
  const { at, rest } = errorsAt(confirm.error, ["code"]);
  return (
    <div className="grid gap-1.5 rounded-md border border-line p-2.5">
      <Field label={`Code for ${one.address}`} help={answerWords(one)} error={at.code ?? rest}>
        <div className="flex flex-wrap items-center gap-2">
          <span className="min-w-40 flex-1">
            <Input
              autoComplete="one-time-code"
              maxLength={40}
              aria-label={`Code for ${one.address}`}
              value={code}
              onChange={(event) => setCode(event.target.value)}
              onKeyDown={onEnter(give)}
            />
          </span>
          <Button onClick={give} isBusy={confirm.isPending} disabled={code === ""}>
            Confirm
          </Button>
          <Button kind="quiet" onClick={() => again.mutate({ address: one.address })} isBusy={again.isPending}>
            Send another
          </Button>
          <Remove one={one} />
        </div>
      </Field>
      <FormError>{again.error?.message}</FormError>
    </div>
  );
}

function Remove({ one: { id, address }, onRemoved }: { one: MailAddress; onRemoved?: () => void }) {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const remove = useMutation(
    trpc.mailAddresses.delete.mutationOptions({
      onSuccess: () => {
        onRemoved?.();
        void refresh();
      },
      onError: ({ message }) => showToast({ text: message, kind: "failed" }),
    }),
  );
  return (
    <IconButton
      icon="trash"
      size="sm"
      label={`Send nothing more to ${address}`}
      onClick={() => remove.mutate({ id })}
    />
  );
}

function NewAddress() {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const [address, setAddress] = useState("");
  const ask = useMutation(
    trpc.mailAddresses.ask.mutationOptions({
      onSuccess: () => {
        setAddress("");
        void refresh();
      },
    }),
  );
  const send = () => ask.mutate({ address });
  const { at, rest } = errorsAt(ask.error, ["address"]);
  return (
    <Field
      label="New address"
      help="It gets a code, and nothing else before the code is given here."
      error={at.address ?? rest}
    >
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1">
          <Input
            type="email"
            placeholder="on-call@example.com"
            aria-label="New address"
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            onKeyDown={onEnter(send)}
          />
        </span>
        <Button onClick={send} isBusy={ask.isPending} disabled={address === ""}>
          Send a code
        </Button>
      </div>
    </Field>
  );
}
