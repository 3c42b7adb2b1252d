"use client";

import { type ComponentProps, lazy } from "react";
import type { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Later } from "#components/ui/later.tsx";

const load = async () => ({ default: (await import("#components/ui/confirm-dialog.tsx")).ConfirmDialog });
const Question = lazy(load);

/** The last question before something that cannot be undone. Its code comes after the page. */
export const AskFirst = (props: ComponentProps<typeof ConfirmDialog>) => (
  <Later isOpen={props.isOpen} load={load}>
    <Question {...props} />
  </Later>
);
