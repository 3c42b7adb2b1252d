"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Select } from "#components/ui/select.tsx";
import { useCopy } from "#components/ui/use-copy.ts";
import { CodeText } from "./code-text.tsx";
import { fill, fillsOf, isAboutTeam } from "./fills.ts";
import { LANGUAGES } from "./language.ts";

/** What an example is, by its role in the text; a language where it has none. */
const HEADS: Record<string, string> = {
  rule: "Rule",
  filter: "Filter",
  transform: "Code",
  passes: "Passes",
  fails: "Does not pass",
  in: "In",
  out: "Out",
  first: "First",
  same: "Equal to it",
  other: "Another one",
  vector: "A delivery",
};
const TONES: Record<string, string> = { passes: "text-delivered", fails: "text-failed" };

interface ExampleProps {
  language: string;
  role: string | null;
  text: string;
  gatewayUrl: string;
  /** In place of what it is called. */
  head?: ReactNode;
}

/** An example, filled with this team's own ids where it has a place for them. */
export function Example({ language, role, text, gatewayUrl, head }: ExampleProps) {
  const trpc = useTRPC();
  const isOfTeam = isAboutTeam(text);
  const { data } = useQuery(trpc.connections.list.queryOptions({ limit: 100 }, { enabled: isOfTeam }));
  const [chosen, choose] = useQueryState("connection", parseAsString);
  const connections = isOfTeam ? (data?.data ?? []) : [];
  const connection = connections.find(({ id }) => id === chosen) ?? connections[0];
  const fills = fillsOf(gatewayUrl, connection);
  const { isCopied, copy } = useCopy(
    fill(text, fills)
      .map((part) => part.text)
      .join(""),
  );
  return (
    <figure className="mt-3.5 overflow-hidden rounded-lg border border-line text-sm leading-[18px]">
      <figcaption className="flex min-h-8 items-center gap-2 border-line border-b bg-canvas py-1 pr-1.5 pl-4">
        {head ?? (
          <span className={cn("font-medium text-xs", TONES[role ?? ""] ?? "text-muted")}>
            {HEADS[role ?? ""] ?? LANGUAGES[language] ?? language}
          </span>
        )}
        <span className="ml-auto flex items-center gap-2">
          {connection ? (
            <span className="flex items-center gap-1.5 text-muted text-xs">
              <span className="max-md:hidden">Filled with</span>
              <Select
                aria-label="Connection that the examples are filled with"
                size="md"
                options={connections.map(({ id, name }) => ({ value: id, label: name }))}
                value={connection.id}
                onChange={(id) => void choose(id)}
              />
            </span>
          ) : null}
          <Button size="sm" kind="quiet" icon={isCopied ? "check" : "copy"} onClick={copy}>
            {isCopied ? "Copied" : "Copy"}
          </Button>
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways needs focus to be scrolled by keys */}
      <pre tabIndex={0} className="overflow-x-auto px-4 py-2.5 font-mono text-ink text-xs leading-[19px]">
        <CodeText text={text} fills={fills} />
      </pre>
    </figure>
  );
}
