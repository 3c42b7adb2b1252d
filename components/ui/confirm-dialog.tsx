"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

interface ConfirmDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** The question: "Delete stripe-orders?" */
  title: string;
  /** What it will affect, in numbers. */
  affects: ReactNode;
  /** The name that has to be typed before it can go on; left out where a mistake is undone easily. */
  name?: string;
  /** Says what happens, with the number: "Delete, stop 212/min". */
  confirmLabel: string;
  keepLabel?: string;
  /** The dialog stays and is busy until it resolves, then closes. A rejection leaves it open: the caller says why. */
  onConfirm: () => Promise<void> | void;
}

/** The last question before something that cannot be undone. */
export function ConfirmDialog({ isOpen, onOpenChange, title, affects, ...rest }: ConfirmDialogProps) {
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={title} description={affects}>
      <ConfirmForm {...rest} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

type ConfirmFormProps = Omit<ConfirmDialogProps, "isOpen" | "onOpenChange" | "title" | "affects"> & {
  close: () => void;
};

/** Apart from the dialog, so that what was typed is forgotten when it closes. */
function ConfirmForm({ name, confirmLabel, keepLabel = "Keep it", onConfirm, close }: ConfirmFormProps) {
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const isNamed = name === undefined || typed.trim() === name;
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (!isNamed || isBusy) return;
    setBusy(true);
    try {
      await onConfirm();
      close();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={confirm}>
      {name === undefined ? null : (
        <Field label="Type the name">
          <Input placeholder={name} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
      )}
      <div className="mt-4 flex justify-end gap-2 max-md:flex-col-reverse">
        <Button size="lg" onClick={close}>
          {keepLabel}
        </Button>
        <Button type="submit" kind="danger-solid" size="lg" disabled={!isNamed} isBusy={isBusy}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}
