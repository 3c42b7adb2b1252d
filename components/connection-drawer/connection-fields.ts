// A connection as its form knows it. Pure.
import type { Values } from "#components/resource-form/values.ts";
import type { Connection } from "#server/contracts/connection.ts";

export const FIELDS = ["name", "description", "source_id", "destination_id"] as const;

const LABELS: Record<string, string> = {
  name: "Name",
  description: "Description",
  source_id: "Source",
  destination_id: "Destination",
  rules: "Rules",
};

export const labelOf = (field: string): string => LABELS[field] ?? field;

export const valuesOf = ({ name, description, source_id, destination_id }: Connection): Values => ({
  name,
  description: description ?? "",
  source_id,
  destination_id,
});

/** What is sent of the fields that were changed. */
export function changesOf(changes: Values): Record<string, string | null> {
  const sent = { ...changes } as Record<string, string | null>;
  if (sent.description === "") sent.description = null;
  return sent;
}

export const isSecret = () => false;
