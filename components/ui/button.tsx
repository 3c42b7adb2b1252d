"use client";

import { cva, type VariantProps } from "class-variance-authority";
import Link from "next/link";
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { cn } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.tsx";

const pressable = "duration-(--motion-fast) transition-colors";
const off = "disabled:border-line disabled:bg-transparent disabled:text-disabled";
const offSolid = "disabled:border-transparent disabled:bg-press disabled:text-disabled";

const buttonLook = cva(
  [
    "relative inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap border font-medium",
    "pointer-coarse:h-10",
    pressable,
  ],
  {
    variants: {
      kind: {
        primary: [
          "border-primary bg-primary text-on-primary",
          "hovered:border-primary-hover hovered:bg-primary-hover pressed:bg-primary-hover",
          offSolid,
        ],
        plain: [
          "border-line-strong bg-surface text-ink",
          "hovered:border-[color-mix(in_oklab,var(--line-strong),var(--ink)_18%)] hovered:bg-inset pressed:bg-press",
          off,
        ],
        quiet: [
          "border-transparent bg-transparent text-ink-2 hovered:bg-inset pressed:bg-press",
          "disabled:bg-transparent disabled:text-disabled",
        ],
        danger: [
          "border-line-strong bg-surface text-failed hovered:border-failed-solid hovered:bg-failed-bg pressed:bg-failed-bg",
          off,
        ],
        "danger-solid": [
          "border-transparent bg-danger text-on-danger hovered:bg-danger-hover pressed:bg-danger-hover",
          offSolid,
        ],
      },
      size: {
        sm: "h-6 gap-[5px] rounded-sm px-2 text-xs",
        md: "h-7 gap-1.5 rounded-md px-2.5 text-sm",
        lg: "h-8 gap-1.5 rounded-md px-3.5 text-base",
      },
      isSquare: { true: "px-0" },
    },
    compoundVariants: [
      { isSquare: true, size: "sm", className: "w-6 pointer-coarse:w-10" },
      { isSquare: true, size: "md", className: "w-7 pointer-coarse:w-10" },
      { isSquare: true, size: "lg", className: "w-8 pointer-coarse:w-10" },
      { isSquare: true, kind: "quiet", className: "text-muted hovered:text-ink" },
    ],
    defaultVariants: { kind: "plain", size: "md" },
  },
);

type Look = Pick<VariantProps<typeof buttonLook>, "kind" | "size">;
const iconSize = (size: Look["size"]) => (size === "sm" ? 14 : 16);

export interface ButtonProps extends ComponentProps<"button">, Look {
  icon?: IconName;
  /** Its press is being carried out: it keeps its width and its focus, and takes no second press. */
  isBusy?: boolean;
}

export function Button({ kind, size, icon, isBusy = false, className, children, onClick, ...props }: ButtonProps) {
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (isBusy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      type="button"
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || undefined}
      onClick={press}
      className={cn(buttonLook({ kind, size }), isBusy && "cursor-progress", className)}
      {...props}
    >
      {icon ? <Icon name={icon} size={iconSize(size)} className={cn(isBusy && "opacity-0")} /> : null}
      <span className={cn(isBusy && "opacity-0")}>{children}</span>
      {isBusy ? <Busy /> : null}
    </button>
  );
}

// A ring with a gap that stands still: nothing in the dashboard moves in a loop.
const Busy = () => (
  <span className="absolute inset-0 grid place-items-center">
    <span className="size-3.5 rounded-full border-[1.5px] border-faint border-r-transparent" />
    <span className="sr-only">Working</span>
  </span>
);

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children" | "aria-label">, Look {
  icon: IconName;
  label: string;
}

/** A button that is only an icon. `label` names it; a tooltip may say it to those who see. */
export function IconButton({ icon, label, kind = "quiet", size, className, ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      className={cn(buttonLook({ kind, size, isSquare: true }), className)}
      {...props}
    >
      <Icon name={icon} size={iconSize(size)} />
    </button>
  );
}

export interface LinkButtonProps extends Omit<ComponentProps<typeof Link>, "prefetch">, Look {
  icon?: IconName;
}

/** A way to another page in the shape of a button. */
export function LinkButton({ kind, size, icon, className, children, ...props }: LinkButtonProps) {
  return (
    <Link prefetch={false} className={cn(buttonLook({ kind, size }), className)} {...props}>
      {icon ? <Icon name={icon} size={iconSize(size)} /> : null}
      <span>{children}</span>
    </Link>
  );
}

/** Saves what an address of ours answers as a file. */
export const DownloadButton = ({ href, children }: { href: string; children: ReactNode }) => (
  <a href={href} download className={buttonLook({ kind: "quiet", size: "sm" })}>
    <Icon name="download" size={14} />
    <span>{children}</span>
  </a>
);
