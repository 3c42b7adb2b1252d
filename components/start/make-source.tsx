"use client";

import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { docsOf } from "#components/frame/error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { PROVIDERS } from "#server/contracts/provider.ts";
import type { Source } from "#server/contracts/source.ts";
import { newTryingSecret, QUICK_TYPES, type QuickType, randomBytes } from "./generated-secret.ts";
import { Step } from "./step.tsx";

const chip =
  "inline-flex h-7 items-center gap-1.5 rounded-md border border-line-strong px-2 font-medium text-xs hovered:bg-inset pointer-coarse:h-10";

interface MakeSourceProps {
  source: Source | undefined;
  isDone: boolean;
  /** A source was made here; the secret that it was made with is known to nobody else. */
  onMade(source: Source, secret: string | null): void;
}

const nameFor = (type: QuickType) => (type === "WEBHOOK" ? "first-source" : `first-${type.toLowerCase()}`);

/** The first step: one press makes a source, the full form is a link away. */
export function MakeSource({ source, isDone, onMade }: MakeSourceProps) {
  const create = useMutation(useTRPC().sources.create.mutationOptions());
  const make = (type: QuickType) => {
    const secret = newTryingSecret(type, randomBytes());
    const config = secret === null ? {} : { config: { auth: { secret } } };
    create.mutate({ name: nameFor(type), type, ...config }, { onSuccess: (made) => onMade(made, secret) });
  };
  return (
    <Step number={1} title="Make a source" state={isDone ? "done" : "now"}>
      {source ? <MadeSource source={source} /> : <p className="text-muted">One URL per producer.</p>}
      {source ? null : (
        <Button kind="primary" size="lg" isBusy={create.isPending} onClick={() => make("WEBHOOK")}>
          Make a source
        </Button>
      )}
      <div className="flex flex-wrap gap-2">
        {source
          ? null
          : QUICK_TYPES.map((type) => (
              <button key={type} type="button" className={chip} onClick={() => make(type)}>
                <Tile type={type} size="sm" />
                {PROVIDERS[type].title}
              </button>
            ))}
        <Link
          href="/connections?new=source"
          prefetch={false}
          className={`${chip} border-dashed font-normal text-muted hovered:text-ink`}
        >
          {source ? "Another one" : `${Object.keys(PROVIDERS).length - QUICK_TYPES.length} more`}
        </Link>
      </div>
      <FormError docs={docsOf(create.error)}>{create.error?.message}</FormError>
    </Step>
  );
}

function MadeSource({ source }: { source: Source }) {
  return (
    <>
      <p className="text-muted">One URL per producer. Yours is ready:</p>
      <div className="flex items-center gap-[9px] rounded-md border border-line p-[9px]">
        <Tile type={source.type} />
        <div className="min-w-0 flex-1">
          <div className="truncate font-medium">{source.name}</div>
          <div className="truncate font-mono text-[11px] text-muted" title={source.url}>
            {URL.parse(source.url)?.pathname}
          </div>
        </div>
        <CopyButton text={source.url} what="URL" />
      </div>
    </>
  );
}
