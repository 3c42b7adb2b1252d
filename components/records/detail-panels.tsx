"use client";

import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import type { Variant } from "#components/detail-page/detail-frame.tsx";
import { DetailSkeleton } from "#components/detail-page/detail-states.tsx";

type Detail = ComponentType<{ id: string; variant: Variant; controls?: ReactNode }>;

interface PanelProps {
  id: string;
  controls: ReactNode;
}

/** What is inside a panel is loaded when the first one opens: a list is usable without it. */
const panelOf = (LazyDetail: Detail) =>
  function Panel({ id, controls }: PanelProps) {
    return (
      <Suspense fallback={<DetailSkeleton controls={controls} />}>
        <LazyDetail key={id} id={id} variant="panel" controls={controls} />
      </Suspense>
    );
  };

export const EventPanel = panelOf(
  lazy(async () => ({ default: (await import("#components/event-detail/event-detail.tsx")).EventDetail })),
);
export const RequestPanel = panelOf(
  lazy(async () => ({ default: (await import("#components/request-detail/request-detail.tsx")).RequestDetail })),
);
export const AttemptPanel = panelOf(
  lazy(async () => ({ default: (await import("#components/attempt-detail/attempt-detail.tsx")).AttemptDetail })),
);
