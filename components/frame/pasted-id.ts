// Ids that a person pastes into the palette.

/** A prefix and 26 characters of Crockford's base 32, whatever surrounds them in what was copied. */
const ID = /(?:^|[^a-z0-9_])([a-z]{2,3})_([0-9a-hjkmnp-tv-z]{26})(?![a-z0-9_])/i;

/** The first id in `text`, in the spelling of the API; undefined when there is none. */
export function findId(text: string): string | undefined {
  const [, prefix, rest] = ID.exec(text) ?? [];
  return prefix && rest ? `${prefix.toLowerCase()}_${rest.toUpperCase()}` : undefined;
}

/** Where `id` is shown, by its prefix; undefined while nothing shows its kind. */
export function hrefOfId(id: string, pages: Readonly<Record<string, string>>): string | undefined {
  const prefix = id.slice(0, id.indexOf("_"));
  return Object.hasOwn(pages, prefix) ? `${pages[prefix]}${id}` : undefined;
}
