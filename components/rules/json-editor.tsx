"use client";

import { afterPage, useAfterPage } from "#components/ui/after-page.ts";
import { Textarea } from "#components/ui/input.tsx";
import type { JsonEditorProps } from "./json-editor-part.tsx";

const part = afterPage(() => import("./json-editor-part.tsx"));

/** JSON to write, with colours and a marked line. Until their code has come it is a plain field in the same place. */
export function JsonEditor(props: JsonEditorProps) {
  const loaded = useAfterPage(part);
  if (loaded) return <loaded.JsonEditorPart {...props} />;
  return (
    <Textarea
      isMono
      aria-label={props.label}
      value={props.text}
      readOnly={props.isReadOnly}
      onChange={(event) => props.onChange(event.target.value)}
      className="h-full resize-none border-transparent bg-transparent pl-10"
    />
  );
}
