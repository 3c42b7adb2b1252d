"use client";

import { Slot } from "radix-ui/slot";
import { useState } from "react";
import { afterPage, useAfterPage } from "./after-page.ts";
import { useCarriedFocus } from "./carried-focus.ts";
import type { MenuCheckProps, MenuChoiceProps, MenuItemProps, MenuProps } from "./menu-parts.tsx";

/** What places and walks a menu is a tenth of a page's script. */
const parts = afterPage(() => import("./menu-parts.tsx"));

const OPENING_KEYS = ["Enter", " ", "ArrowDown"];

/** What can be done with a thing, behind a button. The button stands while the rest comes. */
export function Menu({ isOpenAtFirst = false, ...props }: Omit<MenuProps, "triggerRef">) {
  const loaded = useAfterPage(parts);
  const focus = useCarriedFocus();
  const [isPressed, setPressed] = useState(false);
  if (loaded) return <loaded.Menu {...props} isOpenAtFirst={isOpenAtFirst || isPressed} triggerRef={focus.to} />;
  // A press meanwhile is kept: the menu opens when it has come.
  const press = () => setPressed(true);
  return (
    <Slot ref={focus.from} onClick={press} onKeyDown={({ key }) => OPENING_KEYS.includes(key) && press()}>
      {props.trigger}
    </Slot>
  );
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
