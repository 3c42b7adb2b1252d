import { cn } from "./class-names.ts";

/** The surface of what floats beside a control: menus, lists, popovers. As high as a dialog, since it opens in one too. */
export const floating = cn(
  "z-50 rounded-lg border border-line bg-float text-ink shadow-menu",
  "data-[state=closed]:animate-leave data-[state=open]:animate-enter",
  "max-h-(--radix-popper-available-height) max-w-[calc(100vw-16px)]",
);

/** One line of a menu or a list. Radix marks the one under the pointer or the keys, cmdk the selected one. */
export const floatingItem = cn(
  "flex h-7 w-full select-none items-center gap-2 rounded-sm px-2 text-left text-sm outline-none pointer-coarse:h-10",
  "data-[disabled=true]:text-disabled data-[highlighted]:bg-float-hover data-[selected=true]:bg-float-hover",
);
