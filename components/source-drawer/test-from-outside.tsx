"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { cn } from "#components/ui/class-names.ts";
import { FormError } from "#components/ui/form-error.tsx";
import { formatDuration } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import { Id } from "#components/ui/id.tsx";
import { useCopy } from "#components/ui/use-copy.ts";
import type { GatewayAnswer, SourceTest } from "#server/contracts/source-test.ts";
import { Help } from "./steps.tsx";

/** Sends a signed webhook over the public way, or gives the command that does. */
export function TestFromOutside({ sourceId, mayWrite }: { sourceId: string; mayWrite: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [route, setRoute] = useState(false);
  const run = useMutation(
    trpc.sources.test.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.requests.list.queryKey() }),
    }),
  );
  const { data: example } = useQuery(trpc.sources.example.queryOptions({ id: sourceId }));
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {mayWrite ? (
          <Button size="sm" icon="bolt" isBusy={run.isPending} onClick={() => run.mutate({ id: sourceId, route })}>
            Send a signed test
          </Button>
        ) : null}
        {example?.command ? <CopyCommand command={example.command} /> : null}
      </div>
      {mayWrite ? (
        <div className="text-xs">
          <Checkbox state={route} onChange={setRoute}>
            Deliver it as well <span className="text-muted">(else it is kept, marked, and goes no further)</span>
          </Checkbox>
        </div>
      ) : null}
      {example?.secret_variable ? (
        <Help>
          The command takes the secret out of <code className="font-mono">{example.secret_variable}</code>: none stands
          in it.
        </Help>
      ) : null}
      {example?.missing_because ? <Help>{example.missing_because}</Help> : null}
      <FormError>{run.error?.message}</FormError>
      <div role="status">{run.data && !run.isPending ? <Result test={run.data} /> : null}</div>
    </div>
  );
}

function CopyCommand({ command }: { command: string }) {
  const { isCopied, copy } = useCopy(command);
  return (
    <Button size="sm" kind="quiet" icon={isCopied ? "check" : "copy"} onClick={copy}>
      {isCopied ? "Copied" : "Copy as curl"}
    </Button>
  );
}

interface Look {
  icon: IconName;
  text: string;
  word: string;
}
const ANSWERS: Record<SourceTest["answer"]["outcome"], Look> = {
  accepted: { icon: "delivered", text: "text-delivered", word: "Reached and accepted" },
  refused: { icon: "shield-failed", text: "text-failed", word: "Reached and refused" },
  elsewhere: { icon: "warning", text: "text-failed", word: "Answered by something else" },
  not_reached: { icon: "failed", text: "text-failed", word: "Never reached us" },
};
const GATEWAYS: Record<GatewayAnswer["outcome"], Look> = {
  current: { icon: "check", text: "text-delivered", word: "knows it" },
  behind: { icon: "clock", text: "text-hold", word: "is behind" },
  unknown: { icon: "warning", text: "text-failed", word: "does not know it" },
  silent: { icon: "silent", text: "text-failed", word: "does not answer" },
};

/** The answer of the public URL, and each gateway with what it knows. */
function Result({ test }: { test: SourceTest }) {
  const { answer, gateways } = test;
  const look = ANSWERS[answer.outcome];
  const knowing = gateways.filter(({ outcome }) => outcome === "current").length;
  const others = gateways.filter(({ outcome }) => outcome !== "current");
  return (
    <div className="grid gap-1.5 rounded-md border border-line bg-surface px-3 py-2.5">
      <p className={cn("flex items-center gap-1.5 font-medium", look.text)}>
        <Icon name={look.icon} />
        <span className="flex-1">{look.word}</span>
        <span className="font-normal text-muted text-xs">
          {answer.status === null ? "" : `${answer.status} in `}
          {formatDuration(answer.latency_ms)}
        </span>
      </p>
      <p className="text-ink-2 text-xs [overflow-wrap:anywhere]">{answer.detail}</p>
      <p className="border-line border-t pt-1.5 text-ink-2 text-xs">
        {gateways.length === 0
          ? "No gateway has shown a sign of life in the last 15 s."
          : `${knowing} of ${gateways.length} ${gateways.length === 1 ? "gateway has" : "gateways have"} the source as it is saved.`}
      </p>
      {others.length > 0 ? (
        <ul className="grid gap-1 text-xs">
          {others.map((gateway) => (
            <li key={gateway.id} className="grid grid-cols-[16px_minmax(0,1fr)] items-start gap-1">
              <Icon
                name={GATEWAYS[gateway.outcome].icon}
                size={12}
                className={cn("mt-0.5", GATEWAYS[gateway.outcome].text)}
              />
              <span>
                <Id id={gateway.id} what="gateway id" /> {GATEWAYS[gateway.outcome].word}. {gateway.detail}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
