/* The notes, settings, source and certificate of a result, and the command line that gives the same. */
import type { Table } from "../api";

const settingsText = (table: Table): string =>
  Object.entries(table.settings ?? {})
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");

export function Notes({ table, command }: { table: Table; command?: string }) {
  return (
    <details class="notes">
      <summary>Notes, settings and source</summary>
      <div>
        <ul>
          {[...table.answer, ...table.notes].map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
        <p>Settings: {settingsText(table)}</p>
        {table.source && <p>Source: {table.source}</p>}
        {table.certificate?.worst_residual !== undefined && (
          <p>
            Certificate: worst residual {table.certificate.worst_residual.toExponential(1)}
            {table.certificate.worst_equation ? ` (${table.certificate.worst_equation})` : ""}
          </p>
        )}
        {command && (
          <p>
            On the command line: <code>{command}</code>
          </p>
        )}
      </div>
    </details>
  );
}
