"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { DetailFailed } from "#components/detail-page/detail-states.tsx";
import type { RuleType } from "#components/graph-drawer/drawer-place.ts";
import type { Connection } from "#server/contracts/connection.ts";
import { DeduplicateEditor } from "./deduplicate-editor.tsx";
import { DelayEditor } from "./delay-editor.tsx";
import { EditorFrame } from "./editor-frame.tsx";
import { FilterEditor } from "./filter-editor.tsx";
import { RetryEditor } from "./retry-editor.tsx";
import { RuleEditorLoading } from "./rule-editor-loading.tsx";
import { RULE_LOOKS } from "./rule-words.ts";
import { TransformEditor } from "./transform-editor.tsx";

const EDITORS: Record<RuleType, (props: { connection: Connection; onClose: () => void }) => ReactNode> = {
  deduplicate: DeduplicateEditor,
  transform: TransformEditor,
  filter: FilterEditor,
  delay: DelayEditor,
  retry: RetryEditor,
};

interface RuleEditorPartProps {
  connectionId: string;
  rule: RuleType;
  onClose: () => void;
}

/** The editor of a rule, once its connection has been read. */
export function RuleEditorPart({ connectionId, rule, onClose }: RuleEditorPartProps) {
  const { data: connection, error, refetch } = useQuery(useTRPC().connections.get.queryOptions({ id: connectionId }));
  if (connection) {
    const Editor = EDITORS[rule];
    return <Editor connection={connection} onClose={onClose} />;
  }
  if (!error) return <RuleEditorLoading rule={rule} onClose={onClose} />;
  return (
    <EditorFrame connectionName="Connection" title={RULE_LOOKS[rule].title} isUnsaved={false} onClose={onClose}>
      <DetailFailed what="connection" error={error} retry={refetch} />
    </EditorFrame>
  );
}
