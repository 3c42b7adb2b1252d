/** The id of the card, or the fold, that an element is of. */
export const cardIdOf = (element: Element | null | undefined): string | undefined =>
  element?.closest<HTMLElement>("[data-card]")?.dataset.card;

/** The id of the card at a place of the window. */
export const cardIdAt = ({ x, y }: { x: number; y: number }): string | undefined =>
  cardIdOf(document.elementFromPoint(x, y));
