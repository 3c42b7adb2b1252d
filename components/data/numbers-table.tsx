import type { ReactNode } from "react";

interface NumbersTableProps {
  caption: ReactNode;
  /** Above the names of the rows. */
  corner: string;
  columns: readonly { key: string; word: string }[];
  rows: readonly { key: number; name: string; cells: readonly string[] }[];
}

/** What a drawing says, for people who do not see it. */
export const NumbersTable = ({ caption, corner, columns, rows }: NumbersTableProps) => (
  // Not the table itself: it would keep its height, and what scrolls around it would go on into nothing.
  <div className="sr-only">
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{corner}</th>
          {columns.map(({ key, word }) => (
            <th key={key} scope="col">
              {word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, cells }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            {columns.map((column, i) => (
              <td key={column.key}>{cells[i]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
