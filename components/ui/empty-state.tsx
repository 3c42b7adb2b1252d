import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";
import { Icon } from "./icon.tsx";

interface StatePanelProps {
  title: ReactNode;
  children: ReactNode;
  /** What to do about it. */
  actions?: ReactNode;
}

const panel = "rounded-lg border border-line bg-surface px-4 py-3.5";

function StatePanel({ title, children, actions, role }: StatePanelProps & { role?: "alert" }) {
  return (
    <section className={panel} role={role}>
      <h2 className="font-semibold">{title}</h2>
      <div className="mt-[3px] text-muted">{children}</div>
      {actions ? <div className="mt-2 flex flex-wrap items-center gap-2">{actions}</div> : null}
    </section>
  );
}

/** In place of a list that has nothing: what was asked for, and the way to something. */
export const EmptyState = (props: StatePanelProps) => <StatePanel {...props} />;

/** In place of what could not be read: what goes on regardless, and the way to try again. */
export function ErrorState({ title, children, actions, errorId }: StatePanelProps & { errorId?: string }) {
  const heading = (
    <span className="flex items-center gap-1">
      <Icon name="warning" className="text-failed" />
      {title}
    </span>
  );
  const id = errorId ? (
    <span className="flex items-center gap-1 font-mono text-2xs text-faint">
      {errorId}
      <CopyButton text={errorId} what="error id" />
    </span>
  ) : null;
  return (
    <StatePanel
      role="alert"
      title={heading}
      actions={
        <>
          {actions}
          {id}
        </>
      }
    >
      {children}
    </StatePanel>
  );
}
