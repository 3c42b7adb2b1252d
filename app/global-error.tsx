"use client";

import "./globals.css";
import ErrorPage from "./(dashboard)/error.tsx";

/** Stands in for the whole document when the layout itself fails. */
export default function GlobalError(props: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Error · Switchyard</title>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
