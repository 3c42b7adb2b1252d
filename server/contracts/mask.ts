/** What stands in the place of a secret wherever it is stored or shown whole. A header of this value is not sent on. */
export const MASK = "***";
