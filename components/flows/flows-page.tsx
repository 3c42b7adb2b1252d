"use client";

import { PageBar } from "#components/frame/page-bar.tsx";
import { VersionsView } from "./versions-view.tsx";

export function FlowsPage() {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageBar title="Flows" />
      <VersionsView />
    </div>
  );
}
