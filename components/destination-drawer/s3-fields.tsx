"use client";

import { ChoiceField, SecretField, SwitchRow, TextField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { DEFAULT_KEYS, type ObjectFormat, objectKey } from "#server/contracts/object-key.ts";
import { FileSize } from "./file-size.tsx";
import { StoreCheck } from "./store-check.tsx";
import type { Branches } from "./use-destination.ts";

const FORMATS = [
  { value: "event", label: "one file per event" },
  { value: "ndjson", label: "many in one file" },
];

/** The bucket, and the key to sign in with. @param at where it stands in what is sent: `""`, or `destination.` */
export function BucketFields({ at = "", masked }: { at?: string; masked: string | undefined }) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <TextField field={`${at}config.bucket`} label="Bucket" isMono placeholder="my-archive" />
        <TextField field={`${at}config.region`} label="Region" isMono placeholder="us-east-1" />
      </div>
      <TextField
        field={`${at}config.endpoint`}
        label="Endpoint"
        isMono
        placeholder="only for a store that is not AWS"
        help="Any store that speaks S3: give its https address."
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField field={`${at}config.auth.access_key_id`} label="Access key id" isMono />
        <SecretField field={`${at}config.auth.secret_access_key`} label="Secret" masked={masked} />
      </div>
    </>
  );
}

/** An event of a moment ago, as its object would be called. */
const EXAMPLE = {
  createdAt: new Date("2026-11-25T14:03:00Z"),
  source: "stripe-live",
  connection: "orders-archive",
};
const EVENT = { eventId: "evt_01KC3P8Z", requestId: "req_01KC3P8Z", eventType: "invoice.paid" };

function exampleOf(template: string, format: ObjectFormat, isPacked: boolean): string {
  const isFile = format === "ndjson";
  const key = objectKey(template === "" ? DEFAULT_KEYS[format] : template, {
    ...EXAMPLE,
    event: isFile ? null : EVENT,
    batchId: isFile ? "bat_01KC3P8Z" : null,
  });
  return `${key}${isPacked && !key.endsWith(".gz") ? ".gz" : ""}`;
}

/** Where a bucket is, and how events are written to it. @param id of the saved destination */
export function S3Fields({ id, masked, branches }: { id: string; masked: string | undefined; branches: Branches }) {
  const format = useFormField("config.format").value as ObjectFormat;
  const key = useFormField("config.key").value;
  const packed = useFormField("config.compression");
  const endpoint = String(useFormField("config.endpoint").value).trim();
  const pathStyle = useFormField("config.is_path_style");
  return (
    <>
      <BucketFields masked={masked} />
      {endpoint === "" ? null : (
        <SwitchRow
          title="Bucket in the path"
          about="On for most stores. Off: the bucket stands before the host."
          isOn={pathStyle.value === true}
          onChange={pathStyle.set}
        />
      )}
      <TextField
        field="config.key"
        label="Object name"
        isMono
        placeholder={DEFAULT_KEYS[format]}
        help={<code className="break-all font-mono">{exampleOf(String(key), format, packed.value === true)}</code>}
      />
      <ChoiceField field="config.format" label="Write" options={FORMATS} />
      {format === "ndjson" ? (
        <>
          <div className="grid grid-cols-2 gap-3">
            <TextField field="config.batch_wait_ms" label="Close a file after" />
            <TextField field="config.batch_bytes" label="Or at so many MiB" />
          </div>
          <FileSize branches={branches} />
        </>
      ) : null}
      <SwitchRow
        title="Compress (gzip)"
        about="Names end in .gz."
        isOn={packed.value === true}
        onChange={(isOn) => packed.set(isOn)}
      />
      <TextField field="config.timeout_ms" label="Give up after" help="At most 60 s" />
      <StoreCheck id={id} />
    </>
  );
}
