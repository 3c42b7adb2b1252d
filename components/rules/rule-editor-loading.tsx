import type { RuleType } from "#components/graph-drawer/drawer-place.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { EditorFrame } from "./editor-frame.tsx";
import { RULE_LOOKS } from "./rule-words.ts";

/** Until the editor's code and its connection have come. */
export const RuleEditorLoading = ({ rule, onClose }: { rule: RuleType; onClose: () => void }) => (
  <EditorFrame connectionName="Connection" title={RULE_LOOKS[rule].title} isUnsaved={false} onClose={onClose}>
    <div className="grid gap-3 p-5">
      <Skeleton className="h-8 w-1/2" />
      <Skeleton className="h-8" />
      <Skeleton className="h-8" />
    </div>
  </EditorFrame>
);
