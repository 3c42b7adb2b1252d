"use client";

import * as Radix from "radix-ui/dropdown-menu";
import type { ReactNode, Ref } from "react";
import { cn } from "./class-names.ts";
import { floating, floatingItem } from "./floating.ts";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.tsx";
import { Kbd } from "./kbd.tsx";

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  triggerRef: Ref<HTMLButtonElement>;
  children: ReactNode;
  align?: "start" | "end";
  side?: "bottom" | "top";
  /** For a menu that is made by the press that opens it. */
  isOpenAtFirst?: boolean;
}

/** A field that came of what was chosen keeps the focus: its button would end a renaming as it begins. */
const stayInField = (event: Event) => {
  if (document.activeElement instanceof HTMLInputElement) event.preventDefault();
};

/** What can be done with a thing, behind a button. */
export function Menu(props: MenuProps) {
  const { trigger, triggerRef, children, align = "end", side = "bottom", isOpenAtFirst = false } = props;
  return (
    <Radix.Root modal={false} defaultOpen={isOpenAtFirst}>
      <Radix.Trigger asChild ref={triggerRef}>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={stayInField}
          className={cn(floating, "min-w-44 overflow-auto p-1 outline-none focus-visible:shadow-menu")}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface MenuItemProps {
  icon?: IconName;
  onSelect: () => void;
  children: ReactNode;
  /** The key that does the same. */
  keyHint?: string;
  /** What it will affect: "212/min stop". */
  note?: string;
  isDanger?: boolean;
  isDisabled?: boolean;
}

export function MenuItem({ icon, onSelect, children, keyHint, note, isDanger, isDisabled }: MenuItemProps) {
  const tone = isDanger ? "text-failed" : "";
  return (
    <Radix.Item
      onSelect={onSelect}
      disabled={isDisabled ?? false}
      className={cn(floatingItem, "data-[disabled]:text-disabled", tone)}
    >
      {icon ? <Icon name={icon} size={14} className={isDanger || isDisabled ? "" : "text-muted"} /> : null}
      <span className="flex-1">{children}</span>
      {note ? <span className="pl-3 text-muted text-xs">{note}</span> : null}
      {keyHint ? <Kbd>{keyHint}</Kbd> : null}
    </Radix.Item>
  );
}

export const MenuSeparator = () => <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;

export interface MenuCheckProps {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
  children: ReactNode;
}

/** One of several that are there or not. A press leaves the menu open, for the next one. */
export const MenuCheck = ({ isOn, onChange, isDisabled = false, children }: MenuCheckProps) => (
  <Radix.CheckboxItem
    checked={isOn}
    onCheckedChange={onChange}
    onSelect={(event) => event.preventDefault()}
    disabled={isDisabled}
    className={cn(floatingItem, "data-[disabled]:text-disabled")}
  >
    <span className="grid size-3.5 place-items-center text-muted">{isOn ? <Icon name="check" size={14} /> : null}</span>
    <span className="flex-1">{children}</span>
  </Radix.CheckboxItem>
);

export interface MenuChoiceProps<V extends string> {
  label: string;
  options: readonly { value: V; label: string; icon?: IconName }[];
  value: V;
  onChange: (value: V) => void;
}

/** Exactly one of a few, inside a menu. */
export function MenuChoice<V extends string>({ label, options, value, onChange }: MenuChoiceProps<V>) {
  return (
    <Radix.RadioGroup aria-label={label} value={value} onValueChange={(next) => onChange(next as V)}>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={floatingItem}>
          {option.icon ? <Icon name={option.icon} size={14} className="text-muted" /> : null}
          <span className="flex-1">{option.label}</span>
          {option.value === value ? <Icon name="check" size={14} className="text-muted" /> : null}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
