"use client";

import { signOut } from "#components/door/sign-out.ts";
import { cn } from "#components/ui/class-names.ts";
import { Menu, MenuItem } from "#components/ui/menu.tsx";

/** Who is there, and the way out. `hide`: the class of words where there is no room for them. */
export function UserMenu({ user, hide }: { user: string; hide: string }) {
  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <button
          type="button"
          title={user}
          className="-m-1 flex min-w-0 flex-1 items-center gap-2 rounded-md p-1 text-left hovered:bg-inset hovered:text-ink pointer-coarse:min-h-10"
        >
          <span
            aria-hidden="true"
            className="grid size-[22px] shrink-0 place-items-center rounded-full bg-press font-semibold text-[10.5px] text-ink-2"
          >
            {user.slice(0, 2)}
          </span>
          <span className={cn("min-w-0 flex-1 truncate", hide)}>{user}</span>
        </button>
      }
    >
      <MenuItem icon="out" onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
