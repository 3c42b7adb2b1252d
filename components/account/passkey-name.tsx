import { doorControl } from "#components/door/door-frame.tsx";
import { fieldErrors } from "#components/door/field-errors.ts";
import type { Refused } from "#components/door/use-form.ts";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

interface PasskeyNameProps {
  value: string;
  onChange: (name: string) => void;
  help: string;
  /** What the server said against it. */
  refused: Refused | undefined;
}

export const PasskeyName = ({ value, onChange, help, refused }: PasskeyNameProps) => (
  <Field label="Name" help={help} error={refused && (fieldErrors(refused, ["name"]).name ?? refused.message)}>
    <Input
      required
      maxLength={100}
      className={doorControl}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  </Field>
);
