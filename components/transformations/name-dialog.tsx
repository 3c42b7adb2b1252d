"use client";

import { type FormEvent, useState } from "react";
import { errorsAt } from "#components/data/server-issues.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";

interface NameDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  description: string;
  initial: string;
  action: string;
  isBusy: boolean;
  error: Parameters<typeof errorsAt>[0];
  onName: (name: string) => void;
}

/** Asks for the name of something that is made. */
export const NameDialog = ({ isOpen, onOpenChange, title, description, ...rest }: NameDialogProps) => (
  <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={title} description={description}>
    <NameForm {...rest} close={() => onOpenChange(false)} />
  </Dialog>
);

type NameFormProps = Pick<NameDialogProps, "initial" | "action" | "isBusy" | "error" | "onName"> & {
  close: () => void;
};

/** Apart from the dialog, so that what was typed is forgotten when it closes. */
function NameForm({ initial, action, isBusy, error, onName, close }: NameFormProps) {
  const [name, setName] = useState(initial);
  const { at, rest } = errorsAt(error, ["name"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) onName(name.trim());
  };
  return (
    <form onSubmit={submit} className="grid gap-3.5">
      <Field
        label="Name"
        {...(at.name === undefined ? { help: "Letters, digits, dots, dashes and underscores." } : { error: at.name })}
      >
        <Input isMono value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <FormError>{rest}</FormError>
      <div className="flex justify-end gap-2 max-md:flex-col-reverse">
        <Button size="lg" onClick={close}>
          Cancel
        </Button>
        <Button size="lg" kind="primary" type="submit" isBusy={isBusy} disabled={name.trim() === ""}>
          {action}
        </Button>
      </div>
    </form>
  );
}
