/* The form of the groups of one's own in the scenario. */
import { useSignal } from "@preact/signals";
import { addGroup, isName, isUsed, ownGroups, removeGroup, rename, setMembers, type Own } from "../groups";
import { words } from "../words";
import { Combo, economies } from "./combo";
import { sectorOptions } from "./sectors";
import { ErrorLine } from "./status";

/* Members are of one kind: economies, or sectors. The first that is chosen decides. */
function optionsOf({ name, members }: Own) {
  const who = economies().filter(({ code }) => code !== name && code !== "all");
  const what = sectorOptions().filter(({ code }) => code !== "all");
  if (members.length === 0) return [...who, ...what];
  return who.some(({ code }) => members.includes(code)) ? who : what;
}

function Group({ own }: { own: Own }) {
  const wrong = useSignal("");
  const take = (input: HTMLInputElement) => {
    const name = input.value.trim();
    wrong.value = name === own.name || isName(name) ? "" : words.groups.wrong(name);
    if (!wrong.value && name !== own.name) rename(own.name, name);
    input.value = wrong.value ? own.name : name;
  };
  const used = isUsed(own.name);
  return (
    <li class="change" aria-label={words.groups.group(own.name)}>
      <div class="row between">
        <label class="field name">
          <span class="label">{words.levers.name}</span>
          <input type="text" value={own.name} onChange={(event) => take(event.currentTarget)} />
        </label>
        <button
          type="button"
          class="plain"
          aria-label={words.page.remove(own.name)}
          title={used ? words.groups.used : undefined}
          disabled={used}
          onClick={() => removeGroup(own.name)}
        >
          ×
        </button>
      </div>
      <ErrorLine message={wrong.value} />
      <Combo
        label={words.levers.members}
        multiple
        chosen={own.members}
        options={optionsOf(own)}
        choose={(codes) => setMembers(own.name, codes)}
      />
    </li>
  );
}

/* A name that is free: "group 1", ... */
function nextName(): string {
  for (let i = 1; ; i++) if (isName(words.groups.next(i))) return words.groups.next(i);
}

export function Groups() {
  const all = ownGroups();
  return (
    <details class="more own" open={all.length > 0}>
      <summary>{words.levers.groups}</summary>
      <p class="soft">{words.groups.about}</p>
      <ol>
        {all.map((own, i) => (
          <Group key={i} own={own} />
        ))}
      </ol>
      <button type="button" class="plain" onClick={() => addGroup(nextName())}>
        {words.levers.add}
      </button>
    </details>
  );
}
