"use client";

import * as Radix from "radix-ui/select";
import { cn } from "./class-names.ts";
import { useFieldProps } from "./field.tsx";
import { floating, floatingItem } from "./floating.ts";
import { Icon } from "./icon.tsx";
import { controlBox, controlHeights } from "./input.tsx";
import { styleNonce } from "./style-nonce.ts";

interface SelectProps<V extends string> {
  options: readonly { value: V; label: string; isDisabled?: boolean }[];
  value: V | undefined;
  onChange: (value: V) => void;
  placeholder?: string;
  size?: "md" | "lg";
  isDisabled?: boolean;
  /** Names one that stands in no field. */
  "aria-label"?: string;
}

/** One of a few fixed words. For many, or for resources, take the combobox. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { options, value, onChange, placeholder = "Choose…", size = "lg", isDisabled, "aria-label": label } = props;
  const chosen = options.find((option) => option.value === value);
  return (
    <Radix.unstable_Provider
      value={value ?? ""}
      onValueChange={(next) => onChange(next as V)}
      {...(isDisabled ? { disabled: true } : {})}
    >
      <Radix.Trigger
        {...useFieldProps()}
        aria-label={label}
        className={cn(controlBox, controlHeights[size], "flex items-center justify-between gap-2 text-left")}
      >
        <span className={cn("truncate", !chosen && "text-faint")}>{chosen?.label ?? placeholder}</span>
        <Icon name="up-down" size={14} className="text-faint" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={cn(floating, "min-w-(--radix-select-trigger-width)")}
        >
          <Radix.Viewport className="p-1" nonce={styleNonce()}>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.isDisabled ?? false}
                className={cn(floatingItem, "justify-between data-[disabled]:text-disabled")}
              >
                <Radix.ItemText>{option.label}</Radix.ItemText>
                {option.value === value ? <Icon name="check" size={14} className="text-muted" /> : null}
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.unstable_Provider>
  );
}
