"use client";

import "./globals.css";
import ErrorPage from "./error.tsx";

/** Stands in for the whole document when the layout itself fails. */
export default function GlobalError(props: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body className="min-h-dvh px-4">
        <title>Error · Switchyard</title>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
