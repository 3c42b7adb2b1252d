import { cn } from "./class-names.ts";

/** A place where something will stand, with its size, so that nothing moves when it comes. It stands still. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span className={cn("block h-2.5 rounded-[4px] bg-press", className)} />
);
