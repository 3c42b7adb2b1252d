"use client";

import { afterPage, useAfterPage } from "./after-page.ts";
import type { MenuCheckProps, MenuChoiceProps, MenuItemProps, MenuProps } from "./menu-parts.tsx";

/** What places and walks a menu is a tenth of a page's script. */
const parts = afterPage(() => import("./menu-parts.tsx"));

/** What can be done with a thing, behind a button. The button stands while the rest comes. */
export function Menu(props: MenuProps) {
  const loaded = useAfterPage(parts);
  return loaded ? <loaded.Menu {...props} /> : props.trigger;
}

// These stand in an open menu only, whose code has come.

export function MenuItem(props: MenuItemProps) {
  const loaded = parts.read();
  return loaded ? <loaded.MenuItem {...props} /> : null;
}

export function MenuSeparator() {
  const loaded = parts.read();
  return loaded ? <loaded.MenuSeparator /> : null;
}

export function MenuCheck(props: MenuCheckProps) {
  const loaded = parts.read();
  return loaded ? <loaded.MenuCheck {...props} /> : null;
}

export function MenuChoice<V extends string>(props: MenuChoiceProps<V>) {
  const loaded = parts.read();
  return loaded ? <loaded.MenuChoice {...props} /> : null;
}
