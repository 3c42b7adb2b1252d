"use client";

import { useMemo } from "react";
import { JsonText } from "#components/data/code-lines.tsx";
import { CodeView, LineNumber, Lines } from "#components/data/code-view.tsx";
import { readJsonLines } from "#components/data/json-lines.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { PartLabel } from "./pane.tsx";
import { bodyText, headerText, lineText } from "./request-text.ts";

/** A body line by line, JSON in its colours. */
function BodyLines({ label, text }: { label: string; text: string }) {
  const doc = useMemo(() => readJsonLines(text), [text]);
  if (text === "") return <p className="px-5 pb-2 text-muted text-xs">There is no body.</p>;
  if (!doc) return <CodeView label={label} text={text} />;
  return (
    <Lines
      label={label}
      count={doc.lines.length}
      line={(index) => (
        <>
          <LineNumber>{index + 1}</LineNumber>
          <span className="pl-2">
            <JsonText doc={doc} index={index} />
          </span>
        </>
      )}
    />
  );
}

/** A request as the code sees it: body first, since that is what most code is about. */
export const RequestLines = ({ what, request }: { what: string; request: TransformRequest }) => (
  <div className="grid gap-2 pb-3 [&>*]:min-w-0">
    <section>
      <PartLabel>body</PartLabel>
      <BodyLines label={`Body of the ${what}`} text={bodyText(request.body)} />
    </section>
    <section>
      <PartLabel>headers</PartLabel>
      <CodeView label={`Headers of the ${what}`} text={headerText(request.headers)} />
    </section>
    <section>
      <PartLabel>method, path, query</PartLabel>
      <CodeView label={`Method, path and query of the ${what}`} text={lineText(request)} />
    </section>
  </div>
);
