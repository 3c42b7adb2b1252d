"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import type { Filter } from "#components/data/filters.ts";
import { readFilter } from "#components/data/filters.ts";
import { PAGES_OF_IDS } from "#components/frame/pages.ts";
import { findId, hrefOfId } from "#components/frame/pasted-id.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Input } from "#components/ui/input.tsx";
import { containedJson } from "./contained-json.ts";
import type { ListDefinition, ListRow } from "./list-definition.ts";
import type { ListUrl } from "./use-list-url.ts";

const WRONG = 'Write what the payload contains, as customer: cus_1 or {"customer": "cus_1"}, or paste an id.';

/** Searches payloads, where the list can; an id that is pasted opens its page. */
export function SearchBox<Row extends ListRow>({ definition, url }: { definition: ListDefinition<Row>; url: ListUrl }) {
  const router = useRouter();
  const id = useId();
  const [text, setText] = useState("");
  const [isWrong, setWrong] = useState(false);
  const body: Filter | undefined = definition.filters.find(({ kind }) => kind === "json");
  const search = (event: FormEvent) => {
    event.preventDefault();
    const pasted = findId(text);
    const href = pasted && hrefOfId(pasted, PAGES_OF_IDS);
    if (href) return router.push(href);
    const value = body && readFilter(body, containedJson(text));
    setWrong(value == null && text.trim() !== "");
    if (value == null || !body) return;
    url.setFilter(body.key, value);
    setText("");
  };
  const words = body ? "Payload contains, or paste an id" : "Paste an id";
  return (
    <form onSubmit={search} className="relative w-75 min-w-0 max-md:w-full">
      <Icon name="search" size={14} className="absolute top-1/2 left-2 -translate-y-1/2 text-faint" />
      <Input
        size="md"
        className="pl-7"
        aria-label={words}
        placeholder={words}
        value={text}
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? id : undefined}
        onChange={(event) => {
          setText(event.target.value);
          setWrong(false);
        }}
      />
      {isWrong ? (
        <p
          id={id}
          role="alert"
          className="absolute top-full left-0 z-30 mt-1 w-75 rounded-md border border-line bg-float px-2.5 py-2 text-failed text-xs shadow-menu"
        >
          {body ? WRONG : "Paste an id: evt_…, req_… or att_…."}
        </p>
      ) : null}
    </form>
  );
}
