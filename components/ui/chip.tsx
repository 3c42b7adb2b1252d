import type { ComponentProps, ReactNode } from "react";
import { cn } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.tsx";

const chip =
  "inline-flex h-6 items-center gap-[5px] whitespace-nowrap rounded-sm border px-2 text-ink-2 text-xs transition-colors duration-(--motion-fast) pointer-coarse:h-10";

interface FilterChipProps extends Omit<ComponentProps<"button">, "name" | "value"> {
  /** The field and how it is compared: "State is any of". */
  name: string;
  value: ReactNode;
  /** Undefined for a filter that is always there. */
  onRemove: (() => void) | undefined;
}

/** One filter: a press on it edits it, the cross takes it away. */
export function FilterChip({ name, value, onRemove, className, ...props }: FilterChipProps) {
  return (
    <span className={cn("inline-flex max-w-full rounded-sm", className)}>
      <button
        type="button"
        className={cn(
          chip,
          "min-w-0 border-line-strong bg-surface hovered:bg-inset",
          onRemove && "rounded-r-none border-r-0 pr-1",
        )}
        {...props}
      >
        <span className="text-muted">{name}</span>
        <span className="truncate font-medium text-ink">{value}</span>
      </button>
      {onRemove ? (
        <button
          type="button"
          aria-label={`Remove the filter ${name}`}
          onClick={onRemove}
          className="inline-grid h-6 w-[21px] place-items-center rounded-r-sm border border-line-strong border-l-0 bg-surface pr-1 text-faint hovered:bg-inset hovered:text-ink pointer-coarse:size-10"
        >
          <Icon name="close" size={12} />
        </button>
      ) : null}
    </span>
  );
}

/** An empty place for one more: "+ Filter". */
export function GhostChip({
  icon = "plus",
  className,
  children,
  ...props
}: ComponentProps<"button"> & { icon?: IconName }) {
  return (
    <button
      type="button"
      className={cn(chip, "border-line-strong border-dashed text-muted hovered:bg-inset hovered:text-ink", className)}
      {...props}
    >
      <Icon name={icon} size={12} />
      {children}
    </button>
  );
}

interface ToggleChipProps extends ComponentProps<"button"> {
  isOn: boolean;
  count?: string;
}

/** One of several views of a list, with how much is in it. */
export function ToggleChip({ isOn, count, className, children, ...props }: ToggleChipProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      className={cn(
        chip,
        "font-medium text-ink",
        isOn ? "border-transparent bg-press" : "border-line-strong bg-surface hovered:bg-inset",
        className,
      )}
      {...props}
    >
      {children}
      {count === undefined ? null : <span className="font-normal text-muted">{count}</span>}
    </button>
  );
}
