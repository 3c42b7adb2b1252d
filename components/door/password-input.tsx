"use client";

import { type ComponentProps, useState } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Input } from "#components/ui/input.tsx";
import { doorControl } from "./door-frame.tsx";

/** A password as it is typed, to be seen by who wants to. */
export function PasswordInput({ className, ...props }: ComponentProps<typeof Input>) {
  const [isShown, setShown] = useState(false);
  return (
    <div className="relative">
      <Input
        type={isShown ? "text" : "password"}
        name="password"
        required
        className={cn(doorControl, "pr-9", className)}
        {...props}
      />
      <IconButton
        icon={isShown ? "eye-off" : "eye"}
        label={isShown ? "Hide the password" : "Show the password"}
        size="sm"
        className="absolute inset-y-0 right-1.5 my-auto max-md:right-1"
        onClick={() => setShown(!isShown)}
      />
    </div>
  );
}
