/* The scenario's name, undo and redo, the scenarios that are kept, and which of them is compared. */
import { canRedo, canUndo, redo, undo } from "../hash";
import { titleOf } from "../phrases";
import { scenario, type Scenario } from "../scenario";
import { fileTrouble, openFile, other, remove, save, shelf, takeUp } from "../shelf";
import { words } from "../words";
import { Select } from "./controls";
import { ErrorLine } from "./status";

function Name() {
  const rename = (title: string): void => {
    const { title: _, ...rest } = scenario.value!;
    scenario.value = title ? { title, ...rest } : rest;
  };
  return (
    <label class="field name">
      <span class="label">{words.shelf.name}</span>
      <input
        type="text"
        value={scenario.value!.title ?? ""}
        placeholder={titleOf(scenario.value!)}
        onChange={(event) => rename(event.currentTarget.value.trim())}
      />
    </label>
  );
}

const Step = ({ label, sign, can, go }: { label: string; sign: string; can: boolean; go: () => void }) => (
  <button type="button" class="plain" aria-label={label} title={label} disabled={!can} onClick={go}>
    {sign}
  </button>
);

const Kept = ({ kept }: { kept: Scenario }) => (
  <li>
    <button type="button" class="kept" onClick={() => takeUp(kept)}>
      {titleOf(kept)}
    </button>
    <button
      type="button"
      class="plain"
      aria-label={words.shelf.remove(titleOf(kept))}
      onClick={() => {
        if (titleOf(other.value ?? { changes: [] }) === titleOf(kept)) other.value = null;
        remove(kept);
      }}
    >
      ×
    </button>
  </li>
);

/* B is one of the kept, or one that came with a link. */
function Beside() {
  const all = [...shelf.value];
  const chosen = other.value;
  if (chosen && !all.some((one) => JSON.stringify(one) === JSON.stringify(chosen))) all.unshift(chosen);
  if (all.length === 0) return null;
  const at = chosen ? all.findIndex((one) => JSON.stringify(one) === JSON.stringify(chosen)) : -1;
  return (
    <Select
      label={words.shelf.beside}
      value={String(at)}
      choose={(value) => {
        other.value = all[Number(value)] ?? null;
      }}
    >
      <option value="-1">{words.shelf.nobody}</option>
      {all.map((one, i) => (
        <option key={titleOf(one)} value={String(i)}>
          {titleOf(one)}
        </option>
      ))}
    </Select>
  );
}

const FromFile = () => (
  <label class="plain file">
    {words.shelf.file}
    <input
      type="file"
      class="unseen"
      accept=".yaml,.yml,.json"
      onChange={(event) => {
        const [file] = event.currentTarget.files ?? [];
        event.currentTarget.value = "";
        if (file) void openFile(file);
      }}
    />
  </label>
);

export function Shelf() {
  return (
    <div class="shelf" role="group" aria-label={words.shelf.heading}>
      <Name />
      <div class="row">
        <Step label={words.shelf.undo} sign="↶" can={canUndo.value} go={undo} />
        <Step label={words.shelf.redo} sign="↷" can={canRedo.value} go={redo} />
        <button type="button" class="plain" onClick={() => save(scenario.value!)}>
          {words.shelf.save}
        </button>
        <button type="button" class="plain" onClick={() => takeUp({ changes: [] })}>
          {words.shelf.fresh}
        </button>
        <FromFile />
      </div>
      <ErrorLine message={fileTrouble.value} />
      <Beside />
      <details class="more">
        <summary>
          {words.shelf.saved} ({shelf.value.length})
        </summary>
        {shelf.value.length === 0 && <p class="soft">{words.shelf.none}</p>}
        <ul>
          {shelf.value.map((kept) => (
            <Kept key={titleOf(kept)} kept={kept} />
          ))}
        </ul>
      </details>
    </div>
  );
}
