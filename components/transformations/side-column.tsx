"use client";

import type { Names } from "#components/data/use-names.ts";
import type { Transformation } from "#server/contracts/transformation.ts";
import type { useEditorUrl } from "./editor-url.ts";
import { EnvPanel } from "./env-panel.tsx";
import { InputPane } from "./input-pane.tsx";
import { OutputPane } from "./output-pane.tsx";
import type { Inputs } from "./use-inputs.ts";
import type { Run } from "./use-run.ts";
import type { Changes } from "./use-transformation.ts";
import type { Versions } from "./use-versions.ts";
import { UsesPanel } from "./uses-panel.tsx";
import { VersionsPanel } from "./versions-panel.tsx";

interface SideColumnProps {
  url: ReturnType<typeof useEditorUrl>;
  saved: Transformation;
  update: Changes["update"];
  names: Names;
  inputs: Inputs;
  run: Run;
  versions: Versions;
  /** The version beside the code. */
  shown: number | undefined;
  mayRun: boolean;
  mayWrite: boolean;
  goTo: (line: number) => void;
}

/** Beside the code: input and output, or what there is to know about the transformation. */
export function SideColumn(props: SideColumnProps) {
  const { url, saved, update, names, inputs, run, versions, shown, mayRun, mayWrite, goTo } = props;
  const close = () => url.open("try");
  return (
    <div className="flex min-h-0 min-w-0 flex-col overflow-auto border-line border-l max-wide:overflow-visible max-wide:border-t max-wide:border-l-0">
      {url.side === "versions" ? (
        <VersionsPanel
          versions={versions}
          live={saved.version}
          shown={shown}
          show={(version) => url.set({ version })}
          close={close}
        />
      ) : null}
      {url.side === "env" ? <EnvPanel saved={saved} update={update} mayWrite={mayWrite} close={close} /> : null}
      {url.side === "uses" ? <UsesPanel id={saved.id} names={names} close={close} /> : null}
      {url.side === "try" ? (
        <>
          <InputPane inputs={inputs} names={names} choose={(input) => url.set({ input })} />
          <OutputPane
            run={run}
            input={inputs.input.kind === "none" ? undefined : inputs.input.request}
            view={url.output}
            onView={(output) => url.set({ output })}
            goTo={goTo}
            isAllowed={mayRun}
          />
        </>
      ) : null}
    </div>
  );
}
