import { CopyButton } from "#components/ui/copy-button.tsx";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { visibleText } from "#server/contracts/visible-text.ts";

/** Headers in the order and spelling in which they came, repeats included. */
export const HeadersView = ({ label, headers }: { label: string; headers: HeaderList }) => (
  <table aria-label={label} className="w-full table-fixed font-mono text-xs">
    <colgroup>
      <col width={200} />
      <col />
      <col width={34} />
    </colgroup>
    <tbody>
      {headers.map(([name, value], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice with the same value, and none moves
        <tr key={i} className="hovered:bg-inset">
          <th
            scope="row"
            className="border-line border-b px-2 py-1 text-left align-top font-normal text-muted [overflow-wrap:anywhere]"
          >
            {visibleText(name)}
          </th>
          <td className="border-line border-b px-2 py-1 align-top text-ink-2 [overflow-wrap:anywhere]">
            {visibleText(value)}
          </td>
          <td className="border-line border-b align-top">
            <CopyButton text={value} what={`value of ${name}`} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
