"use client";

import { useSyncExternalStore } from "react";
import { Segmented } from "#components/ui/segmented.tsx";
import type { GuideExample } from "#server/contracts/guide.ts";
import { Example } from "./example.tsx";
import { chooseLanguage, chosenLanguage, LANGUAGES, onLanguage } from "./language.ts";

interface LanguagesProps {
  examples: readonly GuideExample[];
  gatewayUrl: string;
  /** The language that was chosen before. */
  language: string | undefined;
}

/** One example in several languages. The choice holds for all of them, and for the next pages. */
export function Languages({ examples, gatewayUrl, language }: LanguagesProps) {
  const wanted = useSyncExternalStore(
    onLanguage,
    () => chosenLanguage() ?? language,
    () => language,
  );
  const shown = examples.find((example) => example.language === wanted) ?? examples[0];
  if (!shown) return null;
  const options = examples.map((example) => ({
    value: example.language,
    label: LANGUAGES[example.language] ?? example.language,
  }));
  const { role, text } = shown;
  return (
    <Example
      language={shown.language}
      role={role}
      text={text}
      gatewayUrl={gatewayUrl}
      head={
        <Segmented
          label="Language of the examples"
          options={options}
          value={shown.language}
          onChange={chooseLanguage}
        />
      }
    />
  );
}
