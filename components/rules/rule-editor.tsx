"use client";

import type { RuleType } from "#components/graph-drawer/drawer-place.ts";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { afterPage, useAfterPage } from "#components/ui/after-page.ts";
import { RuleEditorLoading } from "./rule-editor-loading.tsx";

/** The editors and the filter language are a third of a page's script, and few pages open one. */
const part = afterPage(() => import("./rule-editor-part.tsx"));

/** One rule of a connection, in an editor that covers the page. */
export function RuleEditor({ connectionId, rule }: { connectionId: string; rule: RuleType }) {
  const { open } = useDrawerPlace();
  const close = () => open(connectionId, "rules");
  const loaded = useAfterPage(part);
  if (loaded) return <loaded.RuleEditorPart connectionId={connectionId} rule={rule} onClose={close} />;
  return <RuleEditorLoading rule={rule} onClose={close} />;
}
