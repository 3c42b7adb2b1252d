/** What a source's drawer shows of a provider's proof. */
export interface ProviderForm {
  /** How its senders are proved. */
  about: string;
  /** The provider's own page on it. */
  docs: string;
  /** Fields of `config.auth`: the name, then label and help where the provider has its own words. */
  fields: readonly (readonly [name: string, label?: string, help?: string])[];
  /** What a field takes that takes a few words only, the one that an empty field stands for first. */
  choices?: Readonly<Record<string, readonly string[]>>;
  secretBy: "sender" | "us" | null;
}
