"use client";

import { useId, useMemo, useState } from "react";
import { JsonText } from "#components/data/code-lines.tsx";
import { pathOf } from "#components/data/json-lines.ts";
import { TextField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { linesOf } from "#components/rules/filter-verdict.ts";
import { SampleHead } from "#components/rules/sample-pane.tsx";
import { type SampleChoice, useSamples, useSeen } from "#components/rules/use-samples.ts";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { keysAt, withoutWords } from "./order-words.ts";

/** More lines than this are not drawn: what identifies a thing stands near the top. */
const MAX_LINES = 300;

/** What makes events one line: typed, or picked in a real request as the destination gets it. */
export function OrderKey({ connections }: { connections: readonly Connection[] }) {
  const [chosenId, choose] = useState<string>();
  const connection = connections.find(({ id }) => id === chosenId) ?? connections[0];
  return (
    <div className="overflow-hidden rounded-md border border-line">
      <div className="p-3">
        <TextField
          field="config.ordering_key"
          label="Order key"
          isMono
          placeholder="body.data.id"
          help={
            connection ? "Pick it in a real request below, or type it." : "A place in the request as it is delivered."
          }
        />
      </div>
      {connections.length > 1 ? (
        <div className="border-line border-t p-3">
          <Select
            aria-label="Requests of"
            options={connections.map(({ id, name }) => ({ value: id, label: name }))}
            value={connection?.id ?? ""}
            onChange={choose}
          />
        </div>
      ) : null}
      {connection ? <RealRequest key={connection.id} connection={connection} /> : null}
    </div>
  );
}

function RealRequest({ connection }: { connection: Connection }) {
  const choice = useSamples(connection.source_id);
  const transform = connection.rules.find((rule) => rule.type === "transform");
  const { seen, failure } = useSeen(choice.sample, transform?.transformation_id);
  return (
    <div className="border-line border-t bg-inset">
      <SampleHead choice={choice} />
      {seen ? (
        <PickedLine request={seen.request} counts={transform ? undefined : choice} />
      ) : failure === null && (choice.isLoading || choice.sample) ? (
        <Skeleton className="m-3 h-32" />
      ) : (
        <p className="px-3 py-3 text-muted text-xs">
          {failure ?? choice.error?.message ?? "This connection's source has no stored request yet."}
        </p>
      )}
    </div>
  );
}

/** @param counts requests in which the values are counted; undefined where they go out otherwise than they came */
function PickedLine({ request, counts }: { request: TransformRequest; counts: SampleChoice | undefined }) {
  const name = useId();
  const { value, set } = useFormField("config.ordering_key");
  const picked = String(value).trim();
  const doc = useMemo(() => linesOf(request.body), [request]);
  const requests = counts?.samples.map((sample) => sample.request) ?? [];
  const keys = requests.length === 0 ? null : keysAt(requests, picked);
  if (!doc) return <p className="px-3 py-3 text-muted text-xs">Its body is no JSON: type the key.</p>;
  return (
    <>
      <ul aria-label="Fields of the body" className="max-h-64 overflow-auto py-1.5 font-mono text-xs leading-5">
        {doc.lines.slice(0, MAX_LINES).map((line, index) => {
          const path = pathOf(doc, index, "body");
          const isField = line.kind !== "close" && line.depth > 0;
          const isOn = isField && path === picked;
          const note = isOn && keys ? `${formatCount(keys.different)} different in the last ${requests.length}` : null;
          const text = <JsonText doc={doc} index={index} />;
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text
              key={index}
              className={cn("border-transparent border-l-2", isOn && "border-accent-solid bg-accent-bg")}
            >
              {isField ? (
                <label className="flex min-h-5 items-center gap-2 px-2.5 has-focus-visible:bg-hover">
                  <input
                    type="radio"
                    name={name}
                    aria-label={path}
                    checked={isOn}
                    onChange={() => set(path)}
                    className="size-3 shrink-0 accent-[var(--accent-solid)]"
                  />
                  {text}
                  {note === null ? null : <span className="ml-auto pl-3 font-sans text-2xs text-accent">{note}</span>}
                </label>
              ) : (
                <div className="min-h-5 pr-2.5 pl-[30px]">{text}</div>
              )}
            </li>
          );
        })}
      </ul>
      {keys === null ? null : (
        <p className="border-line border-t px-3 py-2 text-muted text-xs">
          {withoutWords(keys.without, requests.length)}
        </p>
      )}
    </>
  );
}
