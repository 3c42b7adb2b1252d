"use client";

import { useState } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { Menu, MenuChoice } from "#components/ui/menu.tsx";
import { applyTheme, type Theme } from "./theme.ts";

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

/** `theme` is what the page came with; what is chosen here holds from the next press on. */
export function ThemeSwitch({ theme, size = "sm", side = "bottom" }: ThemeSwitchProps) {
  const [chosen, choose] = useState(theme);
  return (
    <Menu side={side} trigger={<IconButton icon="moon" size={size} label="Theme" title="Theme" />}>
      <MenuChoice
        label="Theme"
        options={THEMES}
        value={chosen}
        onChange={(next: Theme) => {
          applyTheme(next);
          choose(next);
        }}
      />
    </Menu>
  );
}
