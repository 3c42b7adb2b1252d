// The drawings of all icons: 16 × 16, lines of 1.5 px that take the colour of the text beside them.
import type { ReactNode } from "react";

const circle = <circle cx="8" cy="8" r="6.25" />;

export const ICONS = {
  delivered: (
    <>
      {circle}
      <path d="m5.25 8.25 2 2 3.5-4" />
    </>
  ),
  queued: (
    <>
      {circle}
      <path d="M5.5 8h.01M8 8h.01M10.5 8h.01" />
    </>
  ),
  scheduled: (
    <>
      {circle}
      <path d="M8 4.75V8l2 1.5" />
    </>
  ),
  held: (
    <>
      {circle}
      <path d="M6.5 5.75v4.5M9.5 5.75v4.5" />
    </>
  ),
  retrying: <path d="M13.5 8A5.5 5.5 0 1 1 11.6 3.8M13.5 2v3h-3" />,
  failed: (
    <>
      {circle}
      <path d="m6 6 4 4m0-4-4 4" />
    </>
  ),
  cancelled: (
    <>
      {circle}
      <path d="m4 12 8-8" />
    </>
  ),
  ignored: (
    <>
      {circle}
      <path d="M5.5 8h5" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3 3" />
    </>
  ),
  plus: <path d="M8 3v10M3 8h10" />,
  minus: <path d="M3 8h10" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  check: <path d="m3.5 8.5 3 3 6-7" />,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  play: <path d="M5 3.2v9.6L12.5 8z" />,
  replay: <path d="M2.5 8a5.5 5.5 0 1 0 1.9-4.2M2.5 2v3h3" />,
  down: <path d="m4 6 4 4 4-4" />,
  right: <path d="m6 4 4 4-4 4" />,
  left: <path d="m10 4-4 4 4 4" />,
  up: <path d="m4 10 4-4 4 4" />,
  "up-down": <path d="m5 6 3-3 3 3M5 10l3 3 3-3" />,
  arrow: <path d="M2.5 8h11M9.5 4l4 4-4 4" />,
  shield: (
    <>
      <path d="M8 1.8 13 3.6v4.1c0 3-2 5.4-5 6.5-3-1.1-5-3.5-5-6.5V3.6z" />
      <path d="m5.8 8 1.6 1.6 2.8-3.2" />
    </>
  ),
  "shield-failed": (
    <>
      <path d="M8 1.8 13 3.6v4.1c0 3-2 5.4-5 6.5-3-1.1-5-3.5-5-6.5V3.6z" />
      <path d="m6.3 6.3 3.4 3.4m0-3.4L6.3 9.7" />
    </>
  ),
  dedupe: (
    <>
      <rect x="2.5" y="2.5" width="7.5" height="7.5" rx="1.5" />
      <path d="M12 6v.01M13.5 7.5V12a1.5 1.5 0 0 1-1.5 1.5H7.5" />
    </>
  ),
  transform: (
    <path d="M6 2.5C4.3 2.5 4 3.3 4 4.5v1.7C4 7.3 3.5 8 2.5 8 3.5 8 4 8.7 4 9.8v1.7c0 1.2.3 2 2 2M10 2.5c1.7 0 2 .8 2 2v1.7c0 1.1.5 1.8 1.5 1.8-1 0-1.5.7-1.5 1.8v1.7c0 1.2-.3 2-2 2" />
  ),
  filter: <path d="M2.5 3.5h11L9.5 8.5v4l-3 1v-5z" />,
  overview: (
    <>
      <rect x="2.5" y="2.5" width="4.5" height="4.5" rx="1" />
      <rect x="9" y="2.5" width="4.5" height="4.5" rx="1" />
      <rect x="2.5" y="9" width="4.5" height="4.5" rx="1" />
      <rect x="9" y="9" width="4.5" height="4.5" rx="1" />
    </>
  ),
  connections: <path d="M2 8h12M4.5 8c3 0 2.5-4.5 6-4.5H14M4.5 8c3 0 2.5 4.5 6 4.5H14" />,
  requests: (
    <path d="M2.5 9.5v2.5A1.5 1.5 0 0 0 4 13.5h8a1.5 1.5 0 0 0 1.5-1.5V9.5h-3l-1 1.5h-3l-1-1.5zM8 2.5v5M5.7 5.3 8 7.6l2.3-2.3" />
  ),
  events: <path d="M2.5 4h1M2.5 8h1M2.5 12h1M6 4h7.5M6 8h7.5M6 12h7.5" />,
  metrics: <path d="M2.5 13.5h11M4.5 10.5v-3M8 10.5v-7M11.5 10.5v-5" />,
  issues: (
    <>
      <path d="M8 2.5 14 13H2z" />
      <path d="M8 6.5V9M8 11h.01" />
    </>
  ),
  settings: (
    <>
      <path d="M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6" />
      <circle cx="10.2" cy="4.5" r="1.7" />
      <circle cx="5.8" cy="11.5" r="1.7" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.7" />
      <path d="M8 1.7v1.2M8 13.1v1.2M1.7 8h1.2M13.1 8h1.2M3.5 3.5l.9.9M11.6 11.6l.9.9M12.5 3.5l-.9.9M4.4 11.6l-.9.9" />
    </>
  ),
  moon: <path d="M13 9.6A5.5 5.5 0 0 1 6.4 3a5.5 5.5 0 1 0 6.6 6.6z" />,
  external: <path d="M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v3a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h3" />,
  pencil: <path d="m3 13 .6-2.8 7.3-7.3a1.2 1.2 0 0 1 1.7 0l.5.5a1.2 1.2 0 0 1 0 1.7L5.8 12.4z" />,
  trash: <path d="M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9" />,
  expand: <path d="M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5 9 7M2.5 13.5 7 9" />,
  info: (
    <>
      {circle}
      <path d="M8 7.5v3M8 5.3h.01" />
    </>
  ),
  warning: (
    <>
      <path d="M8 2.5 14 13H2z" />
      <path d="M8 6.5V9M8 11h.01" />
    </>
  ),
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  terminal: <path d="m3.5 5 3 3-3 3M8.5 11.5h4" />,
  breaker: (
    <>
      <path d="M2 11h3.5M10.5 11H14M5.5 11l4-6" />
      <path d="M5.5 11h.01M10.5 11h.01" strokeWidth="2.4" />
    </>
  ),
  link: (
    <path d="M6.5 9.5a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.5 6.5a2.6 2.6 0 0 0-3.7 0L3.5 8.8a2.6 2.6 0 0 0 3.7 3.7l.8-.8" />
  ),
  clock: (
    <>
      {circle}
      <path d="M8 4.75V8l2 1.5" />
    </>
  ),
  download: <path d="M8 2.5v7M5 7l3 3 3-3M2.5 13.5h11" />,
  passkey: (
    <>
      <circle cx="6" cy="5" r="2.5" />
      <path d="M1.8 13c.3-2.4 2-3.9 4.2-3.9.7 0 1.3.1 1.9.4" />
      <circle cx="11.8" cy="8.3" r="1.9" />
      <path d="M11.8 10.2v3.6M11.8 12.2h1.4" />
    </>
  ),
  key: (
    <>
      <circle cx="5.2" cy="10.8" r="2.7" />
      <path d="m7.2 8.8 6-6M11 5l1.8 1.8" />
    </>
  ),
  bolt: <path d="M9 1.8 3.5 9H8l-1 5.2L12.5 7H8z" />,
  silent: <path d="M2.5 8h2M6.5 8h.01M9 8h.01M11.5 8h2" />,
  mail: (
    <>
      <rect x="2" y="3.5" width="12" height="9" rx="1.5" />
      <path d="m2.5 4.5 5.5 4.2 5.5-4.2" />
    </>
  ),
  globe: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M1.8 8h12.4M8 1.8c4 3.8 4 8.6 0 12.4M8 1.8c-4 3.8-4 8.6 0 12.4" />
    </>
  ),
  drift: <path d="M2.5 5h3c3 0 2 6 5 6h3M11.5 8.8l2.2 2.2-2.2 2.2M9 4h.01M11.5 4h.01" />,
  users: (
    <>
      <circle cx="6" cy="5.5" r="2.5" />
      <path d="M1.8 13c.3-2.3 2-3.7 4.2-3.7s3.9 1.4 4.2 3.7M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12 9.7c1.3.5 2.1 1.7 2.3 3.3" />
    </>
  ),
  bell: <path d="M4 7a4 4 0 0 1 8 0c0 3 1.2 3.7 1.2 4.5H2.8C2.8 10.7 4 10 4 7zM6.7 13.5a1.4 1.4 0 0 0 2.6 0" />,
  lock: (
    <>
      <rect x="3" y="7" width="10" height="6.5" rx="1.5" />
      <path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2" />
    </>
  ),
  history: <path d="M2.6 8.5A5.5 5.5 0 1 0 4 4.3M2.5 2.5v2.8h2.8M8 5.2V8l2 1.3" />,
  disk: (
    <>
      <ellipse cx="8" cy="4" rx="5.2" ry="1.9" />
      <path d="M2.8 4v8c0 1 2.3 1.9 5.2 1.9s5.2-.9 5.2-1.9V4M2.8 8c0 1 2.3 1.9 5.2 1.9s5.2-.9 5.2-1.9" />
    </>
  ),
  book: (
    <path d="M8 4c-1.2-1-3-1.3-5.5-1.3v9.8C5 12.5 6.8 12.8 8 13.8c1.2-1 3-1.3 5.5-1.3V2.7C11 2.7 9.2 3 8 4zM8 4v9.8" />
  ),
  eye: (
    <>
      <path d="M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8z" />
      <circle cx="8" cy="8" r="1.9" />
    </>
  ),
  columns: <path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" />,
  "eye-off": (
    <>
      <path d="M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8z" />
      <path d="m3 13 10-10" />
    </>
  ),
  out: <path d="M6 2.5H4A1.5 1.5 0 0 0 2.5 4v8A1.5 1.5 0 0 0 4 13.5h2M10.5 11l3-3-3-3M6.5 8h7" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof ICONS;
