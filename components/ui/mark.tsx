/** One track that becomes three. */
export const Mark = () => (
  <svg
    viewBox="0 0 20 14"
    className="h-3.5 w-5 shrink-0 text-accent"
    fill="none"
    stroke="currentColor"
    aria-hidden="true"
  >
    <g strokeWidth="2" strokeLinecap="round">
      <path d="M1 7h18" />
      <path d="M5 7c4 0 4-6 8-6h6" />
      <path d="M5 7c4 0 4 6 8 6h6" />
    </g>
  </svg>
);
