// The kinds of values that variables of the environment have.
import { z } from "zod";
import { parseAllowEntry } from "#server/egress/allow-entry.ts";
import { parseCidr } from "#server/wire/cidr.ts";

/** Whether `host` is only reachable from this machine. */
export const isLoopbackHost = (host: string) =>
  host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

export const splitList = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

type ListEntry = { text: string } | { remedy: string };

/** Every entry in its one spelling. An empty list is one, but an empty entry is a slip. */
export const listOf = (read: (entry: string) => ListEntry) =>
  z.string().transform((text, ctx) =>
    (text === "" ? [] : text.split(",")).map((part) => {
      const entry = read(part.trim());
      if ("text" in entry) return entry.text;
      ctx.addIssue({ code: "custom", message: `must not hold "${part.trim()}": ${entry.remedy}` });
      return part;
    }),
  );

export function readCidr(text: string): ListEntry {
  const read = parseCidr(text);
  return read.kind === "cidr" ? read.cidr : read;
}

export function readAllowEntry(text: string): ListEntry {
  const read = parseAllowEntry(text);
  return read.kind === "entry" ? read.entry : read;
}

export function isUrlOf(text: string, protocols: string[]): boolean {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol) && url.hostname !== "";
}

/** A provider speaks of people and hands out tokens, so plain http is for one on this machine alone. */
export const isIssuer = (text: string) => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname)));
};

export function readDomain(text: string): ListEntry {
  const isDomain = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(text);
  return isDomain
    ? { text: text.toLowerCase() }
    : { remedy: "write a domain of e-mail addresses, such as example.com" };
}

export const isOriginUrl = (text: string) =>
  isUrlOf(text, ["http:", "https:"]) && URL.parse(text)?.href === `${URL.parse(text)?.origin}/`;

// libpq lets the host be empty when a Unix socket stands in the query (user@/db?host=/run/postgresql); URL does not.
export const isPostgresUrl = (text: string) => {
  const url = URL.parse(text.replace("@/", "@socket/"));
  return url !== null && ["postgres:", "postgresql:"].includes(url.protocol);
};
