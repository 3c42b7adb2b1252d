import { cn } from "./class-names.ts";
import { ICONS, type IconName } from "./icons.tsx";

const SIZES = { 12: "size-3", 14: "size-3.5", 16: "size-4" };

/** A drawing beside a word. It says nothing by itself: an icon that stands alone gets its name from its button. */
export function Icon({ name, size = 16, className }: { name: IconName; size?: 12 | 14 | 16; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={cn("block shrink-0", SIZES[size], className)}
      fill="none"
      stroke="currentColor"
      strokeWidth={size === 12 ? 1.7 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {ICONS[name]}
    </svg>
  );
}
