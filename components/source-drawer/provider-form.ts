/** What a source's drawer shows of a provider's proof. */
export interface ProviderForm {
  /** How its senders are proved. */
  about: string;
  /** The provider's own page on it. */
  docs: string;
  /** Fields of `config.auth`: the name, then label and help where the provider has its own words. */
  fields: readonly (readonly [name: string, label?: string, help?: string])[];
  secretBy: "sender" | "us" | null;
}
