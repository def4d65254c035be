/* A box to choose regions and groups in, by typing a part of a name or code (the combobox pattern of WAI-ARIA 1.2). */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { scenario } from "../scenario";
import { isEconomy, membersOf, nameOf, world } from "../state";
import { words } from "../words";

export interface Option {
  code: string;
  name: string;
  hint?: string;
}

/* Groups first, as a group is what most look for. */
export function economies(): Option[] {
  const w = world.value!;
  const own = Object.keys(scenario.value?.groups ?? {}).filter(isEconomy);
  return [
    ...own.map((name) => ({ code: name, name, hint: words.page.economies(membersOf(name).length) })),
    ...w.groups
      .filter((g) => g.members.length > 0)
      .map((g) => ({ code: g.code, name: nameOf(g.code), hint: words.page.economies(g.members.length) })),
    ...w.regions.map((r) => ({ code: r.code, name: nameOf(r.code) })).sort((a, b) => a.name.localeCompare(b.name)),
  ];
}

interface Props {
  label: string;
  chosen: string[];
  choose: (codes: string[]) => void;
  multiple?: boolean;
  options?: Option[] /* without it, all economies */;
  typed?: (text: string) => Option[] /* what is typed, where it may be chosen though it is no option */;
  name?: (code: string) => string /* the name shown for the chosen code; default: that of the option */;
  hidden?: boolean /* the label is for screen readers only */;
}

const fits = (option: Option, typed: string): boolean =>
  `${option.code} ${option.name}`.toLowerCase().includes(typed.trim().toLowerCase());

const MOST = 200; /* options that are shown at once: others are found by typing */

export function Combo({ label, chosen, choose, multiple = false, options, typed: free, name, hidden = false }: Props) {
  const id = useId();
  const typed = useSignal<string | null>(null); /* null: closed */
  const at = useSignal(0);
  const input = useRef<HTMLInputElement>(null);
  const all = options ?? economies();
  const nameIn = name ?? ((code: string) => all.find((option) => option.code === code)?.name ?? nameOf(code));
  const found =
    typed.value === null
      ? []
      : [...(free?.(typed.value) ?? []), ...all.filter((o) => fits(o, typed.value!))]
          .filter((o) => !(multiple && chosen.includes(o.code)))
          .slice(0, MOST);
  const open = useComputed(() => typed.value !== null);
  const current = Math.min(at.value, found.length - 1);

  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (open.value) list.current!.scrollIntoView({ block: "nearest" });
  }, [open.value]);

  const close = () => {
    typed.value = null;
  };
  const take = (option: Option | undefined) => {
    if (!option) return;
    choose(multiple ? [...chosen, option.code] : [option.code]);
    if (multiple) typed.value = "";
    else close();
    at.value = 0;
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (typed.value === null) typed.value = "";
      else at.value = Math.max(0, Math.min(found.length - 1, current + (event.key === "ArrowDown" ? 1 : -1)));
      event.preventDefault();
      document.getElementById(`${id}-${at.value}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && open.value) {
      take(found[current]);
      event.preventDefault();
    } else if (event.key === "Escape") close();
    else if (event.key === "Backspace" && multiple && !typed.value) choose(chosen.slice(0, -1));
  };

  return (
    <div class="combo">
      <label for={id} class={hidden ? "unseen" : "label"}>
        {label}
      </label>
      <div class="combo-box" onClick={() => input.current?.focus()}>
        {multiple &&
          chosen.map((code) => (
            <span class="chip" key={code}>
              {nameIn(code)}
              <button
                type="button"
                aria-label={words.page.remove(nameIn(code))}
                onClick={() => choose(chosen.filter((c) => c !== code))}
              >
                ×
              </button>
            </span>
          ))}
        <input
          id={id}
          ref={input}
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          aria-expanded={open.value}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open.value && found.length > 0 ? `${id}-${current}` : undefined}
          placeholder={multiple ? words.page.addMore : ""}
          value={typed.value ?? (multiple ? "" : chosen.map(nameIn).join(", "))}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => {
            if (typed.value === null) {
              typed.value = "";
              at.value = 0;
            }
          }}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            at.value = 0;
          }}
          onBlur={close}
          onKeyDown={press}
        />
      </div>
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        class="options"
        hidden={!open.value || found.length === 0}
      >
        {found.map((option, i) => (
          <li
            key={option.code}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === current}
            onMouseDown={(event) => {
              event.preventDefault();
              take(option);
            }}
          >
            {option.name}
            <small>{option.hint ? `${option.code} · ${option.hint}` : option.code}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

/* One economy. */
export function Economy({
  label,
  value,
  choose,
  options,
  hidden,
}: {
  label: string;
  value: string;
  choose: (code: string) => void;
  options?: Option[];
  hidden?: boolean;
}) {
  const rest = { ...(options ? { options } : {}), ...(hidden ? { hidden } : {}) };
  return <Combo label={label} chosen={value ? [value] : []} choose={(codes) => choose(codes[0] ?? "")} {...rest} />;
}
