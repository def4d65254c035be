/* The levers themselves: the scenario's list of changes, each a card with its fields (fields.tsx), and how it is solved
   (settings.tsx). */
import { instrumentName, instruments } from "../instruments";
import { freshOf, next } from "../levers";
import { Select } from "../parts/controls";
import { Shelf } from "../parts/shelf";
import { bodyOf, kindOf, KINDS, scenario, type Change, type Kind } from "../scenario";
import { words } from "../words";
import { Fields, More } from "./fields";
import type { Body } from "./rates";
import { Settings } from "./settings";

function setChange(at: number, change: Change): void {
  const now = scenario.value!;
  scenario.value = { ...now, changes: now.changes.map((old, i) => (i === at ? change : old)) };
}

function ChangeCard({ change, at }: { change: Change; at: number }) {
  const kind = kindOf(change);
  const remove = () => {
    scenario.value = { ...scenario.value!, changes: scenario.value!.changes.filter((_, i) => i !== at) };
  };
  const replace = (body: Body) => setChange(at, { [kind]: body } as unknown as Change);
  return (
    <li class="change" aria-label={words.levers.change(at + 1)}>
      <div class="row between">
        <Select
          label={words.levers.kind(at + 1)}
          hidden
          value={kind}
          choose={(k) =>
            setChange(
              at,
              freshOf(
                k as Kind,
                scenario.value!.changes.filter((_, i) => i !== at),
              ),
            )
          }
        >
          {[...new Set([...KINDS, ...instruments()])].map((value) => (
            <option key={value} value={value}>
              {instrumentName(value)}
            </option>
          ))}
        </Select>
        <button type="button" class="plain" aria-label={words.levers.removeChange(at + 1)} onClick={remove}>
          ×
        </button>
      </div>
      <Fields kind={kind} body={bodyOf(change)} replace={replace} />
      <More kind={kind} body={bodyOf(change)} replace={replace} />
    </li>
  );
}

function AddChange({ changes }: { changes: Change[] }) {
  const add = () => {
    const more = next(changes);
    if (more) scenario.value = { ...scenario.value!, changes: [...changes, more] };
  };
  return (
    <button type="button" class="plain" onClick={add}>
      {words.levers.addChange}
    </button>
  );
}

export function Changes() {
  const { changes } = scenario.value!;
  return (
    <section class="card changes" aria-label={words.levers.list}>
      <Shelf />
      <ol>
        {changes.map((change, i) => (
          <ChangeCard key={i} change={change} at={i} />
        ))}
      </ol>
      <AddChange changes={changes} />
      <Settings />
    </section>
  );
}
