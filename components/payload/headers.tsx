"use client";

import { useState } from "react";
import { HeadersView } from "#components/data/headers-view.tsx";
import { Button } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";

/** Shown at once; a stranger may send thousands. */
const FEW = 100;

/** Headers as they came; of very many the first hundred, until the rest is asked for. */
export function Headers({ label, headers }: { label: string; headers: HeaderList }) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? headers : headers.slice(0, FEW);
  return (
    <>
      <HeadersView label={label} headers={shown} />
      {shown.length < headers.length ? (
        <Button kind="quiet" size="sm" className="mt-1" onClick={() => setAll(true)}>
          Show all {formatCount(headers.length)}
        </Button>
      ) : null}
    </>
  );
}
