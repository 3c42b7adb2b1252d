// Without a schema, so that a page can say it and needs no more of the contracts.

export const MIN_PASSWORD_CHARS = 12;
export const MAX_PASSWORD_CHARS = 128;
