"use client";

import type { Ref } from "react";
import { afterPage, useAfterPage } from "#components/ui/after-page.ts";
import { Button } from "#components/ui/button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import type { CodeHandle, Problem } from "./code-mirror.tsx";
import { CodePlace } from "./code-place.tsx";
import { PaneHead } from "./pane.tsx";
import type { Known } from "./suggest.ts";

/** The editor is more code than all of the page beside it. */
const codeMirror = afterPage(() => import("./code-mirror.tsx"));

interface CodePaneProps {
  code: string;
  onChange: (code: string) => void;
  isReadOnly: boolean;
  problem: Problem | null;
  known: Known;
  /** Why it was not saved. */
  refusal: string | undefined;
  handle: Ref<CodeHandle>;
  format: () => void;
}

/** The code of a transformation, to read at once and to edit as soon as the editor has come. */
export function CodePane({ code, onChange, isReadOnly, problem, known, refusal, handle, format }: CodePaneProps) {
  const loaded = useAfterPage(codeMirror);
  return (
    <section aria-label="Code" className="flex min-h-0 flex-1 flex-col">
      <PaneHead
        title="Code"
        end={
          <>
            {isReadOnly ? (
              <span className="truncate text-muted text-xs">Changing it needs a member of the team</span>
            ) : (
              <span className="flex items-center gap-1 whitespace-nowrap text-muted text-xs max-md:hidden">
                <Kbd>Esc</Kbd> then <Kbd>Tab</Kbd> leaves it
              </span>
            )}
            <span className="whitespace-nowrap text-muted text-xs">no I/O, 1 s, 64 MB</span>
            {isReadOnly ? null : (
              <Button size="sm" kind="quiet" disabled={!loaded} onClick={format}>
                Format
              </Button>
            )}
          </>
        }
      />
      {refusal ? (
        <p role="alert" className="border-line border-t bg-failed-bg px-5 py-2 text-failed text-xs max-md:px-3.5">
          {refusal}
        </p>
      ) : null}
      <div className="min-h-0 flex-1 border-line border-t max-wide:h-[46dvh] max-wide:min-h-80 max-wide:flex-none">
        {loaded ? (
          <loaded.CodeMirror
            label={isReadOnly ? "Code" : "Code. Escape, then Tab leaves it."}
            code={code}
            onChange={onChange}
            isReadOnly={isReadOnly}
            problem={problem}
            known={known}
            ref={handle}
          />
        ) : (
          <CodePlace label="Code" code={code} />
        )}
      </div>
    </section>
  );
}
