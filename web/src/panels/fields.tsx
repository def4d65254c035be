/* The fields of a change: those of the instruments that have a form of their own, and of all others as the server
   describes their keys. */
import { atMost } from "../format";
import { fieldsOf, keyName, type Field } from "../instruments";
import { Combo, economies, Economy, type Option } from "../parts/combo";
import { Segments, Select, Slider } from "../parts/controls";
import { ProductsCombo } from "../parts/products";
import { sectorOptions } from "../parts/sectors";
import { RATES, type Kind } from "../scenario";
import { moved } from "../solution";
import { world } from "../state";
import { words } from "../words";
import { Limit } from "./limit";
import { list, Percent, type Body, type FieldsProps } from "./rates";

const unlist = (codes: string[]): string | string[] => (codes.length === 1 ? codes[0]! : codes);

const withEverybody = (): Option[] => [...economies(), { code: "all", name: words.levers.everybody }];

/* "all" and a list of some exclude each other: what was chosen last stays. */
const settle = (codes: string[]): string[] =>
  codes.at(-1) === "all" ? ["all"] : codes.filter((code) => code !== "all");

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
    label={words.page.sectors}
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
      <Who
        label={both ? words.levers.between : words.levers.boughtBy}
        key_={both ? "between" : "by"}
        body={body}
        set={set}
      />
      <Who label={both ? words.levers.and : words.levers.boughtFrom} key_={both ? "and" : "on"} body={body} set={set} />
      <label class="check">
        <input type="checkbox" checked={both} onChange={turn} /> {words.levers.both}
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
    shown={words.levers.times(atMost(Number(body[key_]), 4))}
    typed={{ least: 0.001 }}
    change={(times, at) => {
      moved(at);
      set({ [key_]: times });
    }}
  />
);

function TariffFields({ body, set, replace }: FieldsProps & { replace: (body: Body) => void }) {
  const key = RATES.find((one) => one in body) ?? "rate";
  const isSpecific = "specific" in body; /* a duty on a unit, among the rarer keys */
  const turn = (wanted: string) => {
    const { [key]: rate, ...rest } = body;
    replace({ ...rest, [wanted]: rate });
  };
  return (
    <>
      <Who label={words.levers.levied} key_="by" body={body} set={set} />
      <Who label={words.levers.importsFrom} key_="on" body={body} set={set} />
      <What body={body} set={set} />
      {!isSpecific && (
        <>
          <Segments
            label={words.levers.theRate}
            hidden
            value={key}
            choose={turn}
            choices={[
              { value: "rate", label: words.levers.is },
              { value: "add", label: words.levers.rises },
              { value: "at-least", label: words.levers.least },
              { value: "at-most", label: words.levers.most },
            ]}
          />
          <Percent label={words.levers.rate} key_={key} body={body} set={set} least={key === "add" ? -100 : 0} />
        </>
      )}
    </>
  );
}

function QuotaFields({ body, set, replace }: FieldsProps & { replace: (body: Body) => void }) {
  return (
    <>
      <Who label={words.levers.boughtBy} key_="by" body={body} set={set} />
      <Who label={words.levers.boughtFrom} key_="on" body={body} set={set} />
      <What body={body} set={set} />
      <Limit body={body} replace={replace} buyers={list(body["by"])} sellers={list(body["on"])} />
      <Rent body={body} replace={replace} />
    </>
  );
}

function CurbFields({ body, set, replace }: FieldsProps & { replace: (body: Body) => void }) {
  return (
    <>
      <Who label={words.levers.curbed} key_="by" body={body} set={set} />
      <Who label={words.levers.curbedFor} key_="to" body={body} set={set} />
      <What body={body} set={set} />
      <Limit body={body} replace={replace} buyers={list(body["to"])} sellers={list(body["by"])} />
      <Rent body={body} replace={replace} />
    </>
  );
}

function MembershipFields({ body, set }: FieldsProps) {
  const groups = world.value!.groups.filter((g) => g.members.length > 0).map((g) => ({ code: g.code, name: g.name }));
  return (
    <>
      <Economy
        label={words.levers.economy}
        value={String(body["region"])}
        choose={(region) => set({ region })}
        options={economies().filter((o) => !groups.some((g) => g.code === o.code))}
      />
      <Economy
        label={words.levers.group}
        value={String(body["group"])}
        choose={(group) => set({ group })}
        options={groups}
      />
      <Times label={words.levers.membership} key_="trade-cost" most={1.5} body={body} set={set} />
    </>
  );
}

const RENTS: [string, string][] = [
  ["", words.levers.exporter],
  ["importer", words.levers.importer],
  ["lost", words.levers.nobody],
];

const Rent = ({ body, replace }: { body: Body; replace: (body: Body) => void }) => (
  <Select
    label={words.levers.rent}
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

export function Fields({ kind, body, replace }: { kind: Kind; body: Body; replace: (body: Body) => void }) {
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
          <Times label={words.levers.costs} key_="times" most={3} {...all} />
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
      return <CurbFields {...all} />;
    case "quota":
      return <QuotaFields {...all} />;
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
const RARE = [
  ...["except", "inside", "domestic", "replace", "products", "together", "rent", "specific", "per"],
  ...["leakage", "through", "standard-error", "currency", "basis", "rebate", "abatement"],
];
/* A tariff's price is that of a unit; to carbon instruments it is the rate itself. */
const RARE_IN: Record<string, string[]> = { tariff: ["price"] };
const isRare = (kind: string, { key }: Field): boolean => RARE.includes(key) || (RARE_IN[kind]?.includes(key) ?? false);
const mainFields = (kind: string): Field[] => fieldsOf(kind).filter((field) => !isRare(kind, field));

/* Those of the rare keys that the card of the instrument does not show anyway. */
const moreFields = (kind: string): Field[] =>
  fieldsOf(kind).filter(
    (field) => isRare(kind, field) && !(field.key === "rent" && ["export-curb", "quota"].includes(kind)),
  );

/* A duty on a unit takes the place of the rate in percent, and gives it back. */
function settled(key: string, body: Body): Body {
  if (key !== "specific") return body;
  if (!("specific" in body)) return { ...body, rate: "10%" };
  return Object.fromEntries(Object.entries(body).filter(([one]) => !(RATES as readonly string[]).includes(one)));
}

/* What is left empty is not in the scenario. */
function AnyField({ field, body, replace }: FieldsProps & { field: Field; replace: (body: Body) => void }) {
  const { key, shape, description } = field;
  const put = (value: unknown) => {
    const { [key]: _, ...rest } = body;
    const isEmpty = value === "" || value === false || value === undefined;
    replace(settled(key, isEmpty ? rest : { ...rest, [key]: value }));
  };
  const set = (more: Body) => put(more[key]);
  const label = keyName(key);
  switch (shape) {
    case "economies":
      return <Who label={label} key_={key} body={body} set={set} />;
    case "sectors":
      return <What body={body} set={set} />;
    case "products":
      return (
        <ProductsCombo
          label={label}
          chosen={list(body[key])}
          choose={(codes) => put(codes.length > 0 ? codes : undefined)}
        />
      );
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
            <option key={word} value={word}>
              {words.choices[word] ?? word}
            </option>
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

export function More({ kind, body, replace }: { kind: string; body: Body; replace: (body: Body) => void }) {
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
