/* The notes, settings, source and certificate of a result, and the command line that gives the same. */
import type { Table } from "../api";
import { words } from "../words";
import { figuresIn, tiny } from "../format";

const settingsText = (table: Table): string =>
  Object.entries(table.settings ?? {})
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");

export function Notes({ table, command }: { table: Table; command?: string }) {
  return (
    <details class="notes">
      <summary>{words.notes.summary}</summary>
      <div>
        <ul>
          {[...table.answer, ...table.notes].map((note) => (
            <li key={note}>{figuresIn(note)}</li>
          ))}
        </ul>
        <p>{words.notes.settings(settingsText(table))}</p>
        {table.source && <p>{words.notes.source(table.source)}</p>}
        {table.certificate?.worst_residual !== undefined && (
          <p>{words.notes.certificate(tiny(table.certificate.worst_residual), table.certificate.worst_equation)}</p>
        )}
        {command && (
          <p>
            {words.notes.command} <code>{command}</code>
          </p>
        )}
      </div>
    </details>
  );
}
