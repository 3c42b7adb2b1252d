"use client";

import { ChoiceField, SwitchRow, TextField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { AS_RECEIVED } from "./destination-fields.ts";
import { HeadersField } from "./headers-field.tsx";

const METHODS = [
  { value: AS_RECEIVED, label: "As received" },
  ...["POST", "PUT", "PATCH", "DELETE", "GET"].map((value) => ({ value, label: value })),
];

/** Where and how an HTTP destination is called. */
export function HttpFields() {
  const url = String(useFormField("config.url").value);
  const forwarding = useFormField("config.path_forwarding_disabled");
  const path = URL.parse(url)?.pathname.replace(/\/$/, "") ?? "";
  return (
    <>
      <TextField field="config.url" label="URL" help="When it changes, what waits goes to the new one." isMono />
      <div className="grid grid-cols-2 gap-3">
        <ChoiceField field="config.http_method" label="Method" options={METHODS} />
        <TextField field="config.timeout_ms" label="Give up after" help="At most 60 s" />
      </div>
      <SwitchRow
        title="Append path and query"
        about={
          <>
            <code className="font-mono">
              {path}
              {forwarding.value ? "" : <b>/eu?dry=1</b>}
            </code>{" "}
            for a request to the source&apos;s URL plus /eu?dry=1
          </>
        }
        isOn={forwarding.value === false}
        onChange={(isOn) => forwarding.set(!isOn)}
      />
      <HeadersField />
    </>
  );
}
