/* The levers themselves: the scenario's list of changes, each with its fields and its slider, and how it is solved. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { get, type Table } from "../api";
import { useAnswer } from "../answers";
import { money } from "../format";
import { fieldsOf, instrumentName, instruments, keyName, type Field } from "../instruments";
import { freshOf, next } from "../levers";
import { between, pairsOf, type Pairs } from "../pairs";
import { Combo, economies, Economy, type Option } from "../parts/combo";
import { Segments, Select, Slider } from "../parts/controls";
import { sectorOptions } from "../parts/sectors";
import { Shelf } from "../parts/shelf";
import { bodyOf, kindOf, KINDS, RATES, scenario, type Change, type Kind, type Scenario } from "../scenario";
import { moved } from "../solution";
import { membersOf, world, year } from "../state";
import { words } from "../words";

type Body = Record<string, unknown>;

const list = (who: unknown): string[] =>
  who === undefined ? [] : Array.isArray(who) ? who.map(String) : [String(who)];
const unlist = (codes: string[]): string | string[] => (codes.length === 1 ? codes[0]! : codes);

/* "25%" and 0.25 are 25. */
const inPercent = (rate: unknown): number =>
  typeof rate === "string" && rate.endsWith("%") ? Number(rate.slice(0, -1)) : 100 * Number(rate);

function setChange(at: number, change: Change): void {
  const now = scenario.value!;
  scenario.value = { ...now, changes: now.changes.map((old, i) => (i === at ? change : old)) };
}

const withEverybody = (): Option[] => [...economies(), { code: "all", name: "All economies" }];

/* "all" and a list of some exclude each other: what was chosen last stays. */
const settle = (codes: string[]): string[] =>
  codes.at(-1) === "all" ? ["all"] : codes.filter((code) => code !== "all");

interface FieldsProps {
  body: Body;
  set: (more: Body) => void;
}

const Who = ({ label, key_, body, set }: FieldsProps & { label: string; key_: string }) => (
  <Combo
    label={label}
    multiple
    chosen={list(body[key_])}
    options={withEverybody()}
    choose={(codes) => set({ [key_]: unlist(settle(codes)) })}
  />
);

const What = ({ body, set }: FieldsProps) => (
  <Combo
    label="Sectors"
    multiple
    chosen={list(body["sectors"] ?? "all")}
    options={sectorOptions()}
    choose={(codes) => set({ sectors: settle(codes) })}
  />
);

/* One way, `by` and `on`, or both ways, `between` and `and`. */
function Ways({ body, set, replace }: FieldsProps & { replace: (body: Body) => void }) {
  const both = "between" in body;
  const turn = () => {
    const { by, on, between: a, and: b, ...rest } = body;
    replace(both ? { by: a, on: b, ...rest } : { between: by, and: on, ...rest });
  };
  return (
    <>
      <Who label={both ? "Between" : "Bought by"} key_={both ? "between" : "by"} body={body} set={set} />
      <Who label={both ? "and" : "from"} key_={both ? "and" : "on"} body={body} set={set} />
      <label class="check">
        <input type="checkbox" checked={both} onChange={turn} /> in both directions
      </label>
    </>
  );
}

const Times = ({ label, key_, most, body, set }: FieldsProps & { label: string; key_: string; most: number }) => (
  <Slider
    label={label}
    value={Number(body[key_])}
    min={1}
    max={most}
    step={0.01}
    shown={`× ${+Number(body[key_]).toFixed(4)}`}
    typed={{ least: 0.001 }}
    change={(times, at) => {
      moved(at);
      set({ [key_]: times });
    }}
  />
);

/* Tariffs have no ceiling; a cut is of the whole at most. */
function Percent({
  label,
  key_,
  body,
  set,
  least = 0,
  most,
}: FieldsProps & { label: string; key_: string; least?: number; most?: number }) {
  const value = +inPercent(body[key_]).toPrecision(12);
  return (
    <Slider
      label={label}
      value={value}
      min={0}
      max={100}
      step={1}
      shown={`${value}%`}
      typed={{ unit: "%", least, ...(most === undefined ? {} : { most }) }}
      change={(rate, at) => {
        moved(at);
        set({ [key_]: `${rate}%` });
      }}
    />
  );
}

function TariffFields({ body, set, replace }: FieldsProps & { replace: (body: Body) => void }) {
  const key = RATES.find((one) => one in body) ?? "rate";
  const turn = (wanted: string) => {
    const { [key]: rate, ...rest } = body;
    replace({ ...rest, [wanted]: rate });
  };
  return (
    <>
      <Who label="Levied by" key_="by" body={body} set={set} />
      <Who label="on imports from" key_="on" body={body} set={set} />
      <What body={body} set={set} />
      <Segments
        label="The rate"
        hidden
        value={key}
        choose={turn}
        choices={[
          { value: "rate", label: "is" },
          { value: "add", label: "rises by" },
          { value: "at-least", label: "at least" },
          { value: "at-most", label: "at most" },
        ]}
      />
      <Percent label="Rate" key_={key} body={body} set={set} least={key === "add" ? -100 : 0} />
    </>
  );
}

/* Base trade from sellers to buyers; "all" is all economies, for a group all outside it. */
function baseOf(pairs: Pairs, buyers: string[], sellers: string[]): number {
  const everybody = world.value!.regions.map(({ code }) => code);
  const outside = (by: string) => everybody.filter((code) => !membersOf(by).includes(code));
  let sum = 0;
  for (const by of buyers.includes("all") ? everybody : buyers)
    for (const on of sellers.includes("all") ? outside(by) : sellers) sum += between(pairs, on, by);
  return sum;
}

function QuotaFields({ body, set }: FieldsProps) {
  const sectors = list(body["sectors"] ?? "all").join(",");
  const ties = useAnswer<Table>((abort) =>
    get("ties", { year: year.value, sectors: sectors === "all" ? undefined : sectors }, abort),
  );
  const pairs = pairsOf(ties.value.value?.rows ?? [], "value");
  const base = baseOf(pairs, list(body["by"]), list(body["on"]));
  useEffect(() => {
    if (body["at"] === undefined && base > 0) set({ at: Math.round(base / 2) });
  });
  const at = Number(body["at"] ?? 0);
  const most = Math.max(1, Math.ceil(base), at);
  return (
    <>
      <Who label="Bought by" key_="by" body={body} set={set} />
      <Who label="from" key_="on" body={body} set={set} />
      <What body={body} set={set} />
      <Slider
        label={`Maximum volume, ${world.value!.unit}`}
        value={at}
        min={0}
        max={most}
        step={Math.max(1, Math.round(most / 200))}
        shown={money(at)}
        typed={{ least: 0 }}
        change={(value, when) => {
          moved(when);
          set({ at: value });
        }}
      />
      <p class="soft">
        {base > 0
          ? `now ${money(base)}, ${year.value}`
          : ties.value.value
            ? "no trade in this flow: choose other economies or sectors"
            : ""}
      </p>
    </>
  );
}

function MembershipFields({ body, set }: FieldsProps) {
  const groups = world.value!.groups.filter((g) => g.members.length > 0).map((g) => ({ code: g.code, name: g.name }));
  return (
    <>
      <Economy
        label="Economy"
        value={String(body["region"])}
        choose={(region) => set({ region })}
        options={economies().filter((o) => !groups.some((g) => g.code === o.code))}
      />
      <Economy label="Group" value={String(body["group"])} choose={(group) => set({ group })} options={groups} />
      <Times label="Trade-cost effect of membership" key_="trade-cost" most={1.5} body={body} set={set} />
    </>
  );
}

const RENTS: [string, string][] = [
  ["", "the exporter"],
  ["importer", "the importer"],
  ["lost", "nobody"],
];

const Rent = ({ body, replace }: { body: Body; replace: (body: Body) => void }) => (
  <Select
    label="Recipient of the quota rent"
    value={String(body["rent"] ?? "")}
    choose={(rent) => {
      const { rent: _, ...rest } = body;
      replace(rent ? { ...rest, rent } : rest);
    }}
  >
    {RENTS.map(([value, label]) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))}
  </Select>
);

function Fields({ kind, body, replace }: { kind: Kind; body: Body; replace: (body: Body) => void }) {
  const set = (more: Body) => replace({ ...body, ...more });
  const all = { body, set, replace };
  switch (kind) {
    case "tariff":
      return <TariffFields {...all} />;
    case "trade-cost":
      return (
        <>
          <Ways {...all} />
          <What {...all} />
          <Times label="Trade costs" key_="times" most={3} {...all} />
        </>
      );
    case "ban":
      return (
        <>
          <Ways {...all} />
          <What {...all} />
        </>
      );
    case "export-curb":
      return (
        <>
          <Who label="Curbed by" key_="by" {...all} />
          <Who label="for" key_="to" {...all} />
          <What {...all} />
          <Percent label="Minimum cut of the volume" key_="cut" most={100} {...all} />
          <Rent {...all} />
        </>
      );
    case "quota":
      return (
        <>
          <QuotaFields {...all} />
          <Rent {...all} />
        </>
      );
    case "leave":
    case "join":
      return <MembershipFields {...all} />;
    default:
      return (
        <>
          {mainFields(kind).map((field) => (
            <AnyField key={field.key} field={field} {...all} />
          ))}
        </>
      );
  }
}

/* ---- Fields as the server describes them ---- */

/* Keys that an instrument needs; the others are behind "Exceptions and more". */
const RARE = ["except", "inside", "domestic", "replace", "products", "together", "rent", "specific", "price", "per"];
const isRare = ({ key }: Field): boolean => RARE.includes(key);
const mainFields = (kind: string): Field[] => fieldsOf(kind).filter((field) => !isRare(field));

/* Those of the rare keys that the card of the instrument does not show anyway. */
const moreFields = (kind: string): Field[] =>
  fieldsOf(kind).filter((field) => isRare(field) && !(field.key === "rent" && ["export-curb", "quota"].includes(kind)));

/* What is left empty is not in the scenario. */
function AnyField({ field, body, replace }: FieldsProps & { field: Field; replace: (body: Body) => void }) {
  const { key, shape, description } = field;
  const put = (value: unknown) => {
    const { [key]: _, ...rest } = body;
    replace(value === "" || value === false || value === undefined ? rest : { ...rest, [key]: value });
  };
  const set = (more: Body) => put(more[key]);
  const label = keyName(key);
  switch (shape) {
    case "economies":
      return <Who label={label} key_={key} body={body} set={set} />;
    case "sectors":
      return <What body={body} set={set} />;
    case "truth":
      return (
        <label class="check" title={description}>
          <input type="checkbox" checked={body[key] === true} onChange={() => put(body[key] !== true)} /> {label}
        </label>
      );
    case "rate":
      return <Percent label={label} key_={key} body={{ [key]: 0, ...body }} set={set} least={-100} />;
    case "words":
      return (
        <Select label={label} value={String(body[key] ?? "")} choose={put}>
          <option value="" />
          {field.words.map((word) => (
            <option key={word}>{word}</option>
          ))}
        </Select>
      );
    default:
      return key === "except" ? <Except body={body} put={put} /> : <Plain field={field} body={body} put={put} />;
  }
}

/* Economies and sectors that a change leaves alone. */
const Except = ({ body, put }: { body: Body; put: (value: unknown) => void }) => (
  <Combo
    label={keyName("except")}
    multiple
    chosen={list(body["except"])}
    options={[...economies(), ...sectorOptions().filter(({ code }) => code !== "all")]}
    choose={(codes) => put(codes.length > 0 ? codes : undefined)}
  />
);

/* A text, a list of codes with commas, or a number or rate as it is written in a file. */
function Plain({
  field: { key, shape, description },
  body,
  put,
}: {
  field: Field;
  body: Body;
  put: (v: unknown) => void;
}) {
  const asNumber = (text: string) =>
    shape === "number" && text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  return (
    <label class="field" title={description}>
      <span class="label">{keyName(key)}</span>
      <input
        type="text"
        value={list(body[key]).join(", ")}
        onChange={(event) => {
          const typed = event.currentTarget.value.trim();
          put(typed.includes(",") ? typed.split(/\s*,\s*/).filter(Boolean) : asNumber(typed));
        }}
      />
    </label>
  );
}

function More({ kind, body, replace }: { kind: string; body: Body; replace: (body: Body) => void }) {
  const fields = moreFields(kind);
  if (fields.length === 0) return null;
  return (
    <details class="more" open={fields.some(({ key }) => key in body)}>
      <summary>{words.levers.more}</summary>
      {fields.map((field) => (
        <AnyField key={field.key} field={field} body={body} set={() => {}} replace={replace} />
      ))}
    </details>
  );
}

function ChangeCard({ change, at }: { change: Change; at: number }) {
  const kind = kindOf(change);
  const remove = () => {
    scenario.value = { ...scenario.value!, changes: scenario.value!.changes.filter((_, i) => i !== at) };
  };
  const replace = (body: Body) => setChange(at, { [kind]: body } as unknown as Change);
  return (
    <li class="change" aria-label={`Change ${at + 1}`}>
      <div class="row between">
        <Select
          label={`Kind of change ${at + 1}`}
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
          {[...new Set([...Object.keys(KINDS), ...instruments()])].map((value) => (
            <option key={value} value={value}>
              {instrumentName(value)}
            </option>
          ))}
        </Select>
        <button type="button" class="plain" aria-label={`Remove change ${at + 1}`} onClick={remove}>
          ×
        </button>
      </div>
      <Fields kind={kind} body={bodyOf(change)} replace={replace} />
      <More kind={kind} body={bodyOf(change)} replace={replace} />
    </li>
  );
}

/* A setting that is not given is not in the scenario: the command line has its defaults too. */
function setSetting(key: Exclude<keyof Scenario, "changes">, value: string | number): void {
  const { [key]: _, ...rest } = scenario.value!;
  scenario.value = (value === "" ? rest : { ...rest, [key]: value }) as Scenario;
}

const HORIZONS = [
  { value: "", label: "Standard", title: "labour is mobile between sectors; trade elasticities of the world" },
];
const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

const Choice = ({
  label,
  key_,
  none,
  values,
}: {
  label: string;
  key_: "model" | "closure";
  none: string;
  values: string[];
}) => (
  <Select label={label} value={scenario.value![key_] ?? ""} choose={(value) => setSetting(key_, value)}>
    <option value="">{none}</option>
    {values.map((value) => (
      <option key={value} value={value}>
        {value}
      </option>
    ))}
  </Select>
);

function Elasticity() {
  const given = scenario.value!.elasticity;
  const isNumber = typeof given === "number";
  const choose = (value: string) => setSetting("elasticity", value === "number" ? 5 : value);
  return (
    <>
      <Select label="Trade elasticity" value={isNumber ? "number" : (given ?? "")} choose={choose}>
        <option value="">{scenario.value!.horizon ? "set by the horizon" : "the world's own"}</option>
        <option value="number">a number</option>
        {world.value!.elasticity_sets.map((set) => (
          <option key={set} value={set}>
            {set}
          </option>
        ))}
      </Select>
      {isNumber && (
        <Slider
          label="In every sector"
          value={given}
          min={1}
          max={15}
          step={0.1}
          shown={given.toFixed(1)}
          change={(value, at) => {
            moved(at);
            setSetting("elasticity", value);
          }}
        />
      )}
    </>
  );
}

const Group = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <div class="settings" role="group" aria-label={title}>
    <h2>{title}</h2>
    {children}
  </div>
);

function AddChange({ changes }: { changes: Change[] }) {
  const add = () => {
    const more = next(changes);
    if (more) scenario.value = { ...scenario.value!, changes: [...changes, more] };
  };
  return (
    <button type="button" class="plain" onClick={add}>
      Add a change
    </button>
  );
}

export function Changes() {
  const { changes } = scenario.value!;
  return (
    <section class="card changes" aria-label="Levers">
      <Shelf />
      <ol>
        {changes.map((change, i) => (
          <ChangeCard key={i} change={change} at={i} />
        ))}
      </ol>
      <AddChange changes={changes} />
      <Group title="Model settings">
        <Segments
          label="Horizon"
          value={scenario.value!.horizon ?? ""}
          choose={(value) => setSetting("horizon", value)}
          choices={[...HORIZONS, ...world.value!.horizons.map((value) => ({ value, label: capital(value) }))]}
        />
        <Elasticity />
        <div class="row">
          <Choice
            label="Trade imbalances"
            key_="closure"
            none="fixed (default)"
            values={world.value!.closures.filter((c) => c !== "fixed")}
          />
          <Choice label="Model" key_="model" none="set by the horizon" values={world.value!.models} />
        </div>
        <Combo
          label="Downward rigid wages in"
          multiple
          chosen={scenario.value!["rigid-wages"]?.split(",") ?? []}
          choose={(codes) => setSetting("rigid-wages", codes.join(","))}
        />
      </Group>
    </section>
  );
}
