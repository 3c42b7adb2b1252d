"use client";

import * as Radix from "radix-ui/toast";
import { Button, IconButton } from "./button.tsx";
import { cn } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import { closeToast, dropToast, type ShownToast } from "./toasts.ts";

const ICON_OF = {
  done: { name: "delivered", tone: "text-delivered" },
  failed: { name: "failed", tone: "text-failed" },
  held: { name: "held", tone: "text-ink" },
} as const;

/** A message that failed, or that can be taken back, stays longer: it asks for a decision. */
const SHOWN_MS = 5_000;
const SHOWN_LONG_MS = 10_000;
const FADED_MS = 120;

function ToastCard({ toast }: { toast: ShownToast }) {
  const { id, kind, text, action } = toast;
  const icon = kind && ICON_OF[kind];
  return (
    <Radix.Root
      open={toast.isOpen}
      duration={action || kind === "failed" ? SHOWN_LONG_MS : SHOWN_MS}
      type={kind === "failed" ? "foreground" : "background"}
      onOpenChange={(isOpen) => {
        if (isOpen) return;
        closeToast(id);
        setTimeout(() => dropToast(id), FADED_MS);
      }}
      className={cn(
        "flex min-h-10 w-full items-center gap-2.5 rounded-lg border border-line bg-float py-1 pr-2 pl-3 shadow-menu",
        "data-[state=closed]:animate-leave data-[state=open]:animate-rise",
      )}
    >
      {icon ? <Icon name={icon.name} className={icon.tone} /> : null}
      <Radix.Description className="min-w-0 flex-1 [&_b]:font-medium">{text}</Radix.Description>
      {action ? (
        <Radix.Action asChild altText={`${action.label}, or do it on the page`}>
          <Button size="sm" onClick={action.run}>
            {action.label}
          </Button>
        </Radix.Action>
      ) : null}
      <Radix.Close asChild>
        <IconButton icon="close" size="sm" label="Dismiss" />
      </Radix.Close>
    </Radix.Root>
  );
}

/** The corner itself; F8 moves the focus there. */
export const ToastCorner = ({ toasts }: { toasts: readonly ShownToast[] }) => (
  <Radix.Provider label="Message" swipeDirection="right">
    {toasts.map((toast) => (
      <ToastCard key={toast.id} toast={toast} />
    ))}
    <Radix.Viewport
      label="Messages ({hotkey})"
      className={cn(
        "fixed right-4 bottom-4 z-60 flex w-[440px] max-w-[calc(100vw-32px)] flex-col gap-2.5 outline-none",
        // Beside an open drawer, or above its foot, whose Save it would cover.
        "md:[body:has([data-drawer])_&]:right-[calc(var(--w-drawer)+16px)]",
        "md:[body:has([data-drawer])_&]:max-w-[calc(100vw-var(--w-drawer)-32px)]",
        "max-md:[body:has([data-drawer])_&]:bottom-20",
      )}
    />
  </Radix.Provider>
);
