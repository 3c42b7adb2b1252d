"use client";

import "./globals.css";
import ErrorPage from "./(dashboard)/error.tsx";

/** Stands in for the whole document when the layout itself fails. */
export default function GlobalError(props: { error: Error; reset: () => void }) {
  return (
    // The layout is gone, and the theme that it set with it.
    <html lang="en" data-theme={typeof document === "undefined" ? undefined : document.documentElement.dataset.theme}>
      <body>
        <title>Error · Switchyard</title>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
