"use client";

import { useSyncExternalStore } from "react";
import { IconButton } from "./button.tsx";
import { Menu, MenuChoice } from "./menu.tsx";
import { chooseTheme, chosenTheme, onTheme, type Theme } from "./theme.ts";

const THEMES = [
  { value: "light", label: "Light", icon: "sun" },
  { value: "dark", label: "Dark", icon: "moon" },
  { value: "system", label: "As the system", icon: "settings" },
] as const;

interface ThemeSwitchProps {
  theme: Theme;
  size?: "sm" | "md";
  side?: "bottom" | "top";
}

/** `theme` is what the page came with. */
export function ThemeSwitch({ theme, size = "sm", side = "bottom" }: ThemeSwitchProps) {
  const current = useSyncExternalStore(
    onTheme,
    () => chosenTheme() ?? theme,
    () => theme,
  );
  return (
    <Menu side={side} trigger={<IconButton icon="moon" size={size} label="Theme" title="Theme" />}>
      <MenuChoice label="Theme" options={THEMES} value={current} onChange={chooseTheme} />
    </Menu>
  );
}
