"use client";

import { type ChangeEvent, type ReactNode, useRef } from "react";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { showToast } from "#components/ui/toasts.ts";

/** The server takes less; this is what no file of flows has. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;

interface FilePaneProps {
  text: string;
  onText: (text: string) => void;
  /** The editor. */
  children: ReactNode;
}

/** The file with the ways to another one. */
export function FilePane({ text, onText, children }: FilePaneProps) {
  const api = useTRPCClient();
  const input = useRef<HTMLInputElement>(null);
  const exportAll = () =>
    api.flows.export.query({}).then(
      (exported) => onText(exported.text),
      (error: Error) => showToast({ kind: "failed", text: error.message }),
    );
  const openFile = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    target.value = "";
    if (!file) return;
    if (file.size > MAX_FILE_BYTES) showToast({ kind: "failed", text: `${file.name} is too long for a flow file` });
    else onText(await file.text());
  };
  return (
    <section
      aria-label="File"
      className="flex min-h-0 flex-col border-line border-l bg-surface max-wide:min-h-[420px] max-wide:border-t max-wide:border-l-0"
    >
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b pr-2.5 pl-4">
        <h2 className="font-mono">flow.yaml</h2>
        <span className="ml-auto flex items-center gap-1">
          <input
            ref={input}
            type="file"
            accept=".yaml,.yml,.json,text/yaml,application/json"
            aria-label="Flow file to open"
            className="sr-only"
            tabIndex={-1}
            onChange={openFile}
          />
          <Button kind="quiet" size="sm" icon="out" onClick={() => input.current?.click()}>
            Open a file
          </Button>
          <Button kind="quiet" size="sm" icon="download" onClick={() => void exportAll()}>
            Export
          </Button>
          <CopyButton text={text} what="file" />
        </span>
      </div>
      <div className="min-h-0 flex-1">{children}</div>
    </section>
  );
}
