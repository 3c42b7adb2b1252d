"use client";

import { lazy, Suspense } from "react";
import type * as Parts from "./menu-parts.tsx";
import type { MenuChoiceProps, MenuItemProps, MenuProps } from "./menu-parts.tsx";

// What places and walks a menu is a fifth of a page's script, and no page begins with an open one.
let parts: typeof Parts | undefined;
const LoadedMenu = lazy(async () => {
  parts = await import("./menu-parts.tsx");
  return { default: parts.Menu };
});

/** What can be done with a thing, behind a button. The button stands while the rest comes. */
export const Menu = (props: MenuProps) => (
  <Suspense fallback={props.trigger}>
    <LoadedMenu {...props} />
  </Suspense>
);

// These stand in an open menu only, whose code has come.

export const MenuItem = (props: MenuItemProps) => (parts ? <parts.MenuItem {...props} /> : null);

export const MenuSeparator = () => (parts ? <parts.MenuSeparator /> : null);

export const MenuChoice = <V extends string>(props: MenuChoiceProps<V>) =>
  parts ? <parts.MenuChoice {...props} /> : null;
