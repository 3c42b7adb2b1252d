/** The height of the heads of the columns, which lie over the canvas. */
export const HEAD_PX = 52;
