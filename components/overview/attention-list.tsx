"use client";

import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { askReplay } from "#components/replay/ask.ts";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Count } from "#components/ui/count.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { AttentionItem } from "#server/contracts/attention.ts";
import { type AttentionAction, type AttentionWords, wordsOf } from "./attention-words.ts";
import { useNews } from "./use-news.ts";

const wide = "max-md:h-10 max-md:w-full max-md:text-sm";

/** Sends on what a paused connection holds, at once, with a way back. */
function Resume({ connectionId, label, name }: { connectionId: string; label: string; name: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const pause = useMutation(trpc.connections.pause.mutationOptions());
  const unpause = useMutation(
    trpc.connections.unpause.mutationOptions({
      onSuccess: () =>
        showToast({
          text: `${name} is resumed`,
          kind: "done",
          action: { label: "Undo", run: () => pause.mutate({ id: connectionId }) },
        }),
      onError: (error) => showToast({ text: error.message, kind: "failed" }),
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.overview.attention.queryKey() }),
    }),
  );
  return (
    <Button
      kind="primary"
      size="sm"
      icon="play"
      className={wide}
      isBusy={unpause.isPending}
      onClick={() => unpause.mutate({ id: connectionId })}
    >
      {label}
    </Button>
  );
}

function Action({ action, name }: { action: AttentionAction; name: string }) {
  switch (action.kind) {
    case "open":
      return (
        <LinkButton size="sm" href={action.href} className={wide}>
          {action.label}
        </LinkButton>
      );
    case "resume":
      return <Resume connectionId={action.connectionId} label={action.label} name={name} />;
    case "replay":
      return (
        <Button
          kind={action.isPrimary ? "primary" : "plain"}
          size="sm"
          icon="replay"
          className={wide}
          onClick={() =>
            askReplay({
              kind: "replay",
              input: { from: "now-24h", status: ["FAILED"], connection_id: action.connectionId },
            })
          }
        >
          {action.label}
        </Button>
      );
  }
}

function Row({ name, words }: { name: string; words: AttentionWords }) {
  const { icon, colour, title, detail, note, action } = words;
  return (
    <li className="grid grid-cols-[28px_minmax(0,1fr)_120px_152px] items-center gap-2 border-line border-t py-[9px] pr-3 pl-3.5 first:border-t-0 max-md:grid-cols-[24px_minmax(0,1fr)] max-md:items-start">
      <span className={cn("max-md:mt-px", colour)}>
        <Icon name={icon} />
      </span>
      <div className="min-w-0">
        <p className="[overflow-wrap:anywhere]">
          <b className="font-semibold">{name}</b> {title}
        </p>
        <p className="text-muted text-xs leading-[17px]">{detail}</p>
      </div>
      <span className="text-right text-muted text-xs max-md:hidden">{note}</span>
      <span className="flex justify-end max-md:col-start-2">
        <Action action={action} name={name} />
      </span>
    </li>
  );
}

const keyOf = (item: AttentionItem) => `${item.kind} ${item.id}`;

/** What needs somebody now, each with what to do about it beside it. */
export function AttentionList() {
  const trpc = useTRPC();
  const { data, refetch } = useSuspenseQuery(trpc.overview.attention.queryOptions({}));
  useNews(["counts"], () => void refetch());
  return (
    <section className="mt-[22px]" aria-labelledby="needs-you">
      <h2 id="needs-you" className="mb-2 flex items-center gap-1.5 font-semibold text-base tracking-tight">
        Needs you <Count count={String(data.items.length)} />
      </h2>
      {data.items.length === 0 ? (
        <p className="flex items-center gap-2 rounded-lg border border-line bg-surface px-3.5 py-3 text-muted">
          <Icon name="delivered" className="text-delivered" />
          Nothing fails, waits for you or has gone silent.
        </p>
      ) : (
        <ul className="rounded-lg border border-line bg-surface">
          {data.items.map((item) => (
            <Row key={keyOf(item)} name={item.name} words={wordsOf(item, data.now)} />
          ))}
        </ul>
      )}
    </section>
  );
}
