import type { ReactNode } from "react";
import { Id } from "#components/ui/id.tsx";

/** The head of a panel. */
export const PanelStub = ({ id, controls }: { id: string; controls: ReactNode }) => (
  <div className="flex items-center gap-2 px-5 py-3">
    <Id id={id} what="id" isWhole />
    {controls}
  </div>
);
