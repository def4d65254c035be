/* The instruments of the scenario language with their keys, as the server describes them (GET schema). */
import { signal } from "@preact/signals";
import { get } from "./api";
import { bodyOf, kindOf, type Change, type Scenario } from "./scenario";
import { words } from "./words";

interface Property {
  type?: string | string[];
  enum?: string[];
  examples?: string[];
  description?: string;
  anyOf?: Property[];
}
interface Schema {
  $defs: { change: { properties: Record<string, { properties?: Record<string, Property> }> } };
}

/* What a key takes: names of economies, of sectors or of anything else, a rate, a number, one of some words, or yes and
   no. */
export type Shape = "economies" | "sectors" | "products" | "names" | "rate" | "number" | "words" | "truth";
export interface Field {
  key: string;
  shape: Shape;
  description: string;
  words: string[];
}

const described = signal<Schema | null>(null);

export async function loadInstruments(): Promise<void> {
  described.value ??= await get<Schema>("schema");
}

const ECONOMIES = ["by", "on", "between", "and", "to", "in", "from", "region", "group", "through"];

function shapeOf(key: string, { type, enum: among, examples, anyOf }: Property): Shape {
  const types = anyOf ? shapeTypes(anyOf) : [type ?? []].flat();
  if (among) return "words";
  if (types.includes("boolean")) return "truth";
  if (types.includes("array")) {
    if (key === "sectors" || key === "products") return key;
    return ECONOMIES.includes(key) ? "economies" : "names";
  }
  if (examples) return "rate";
  return types[0] === "number" ? "number" : ECONOMIES.includes(key) ? "economies" : "names";
}

const shapeTypes = (parts: Property[]): string[] => parts.flatMap((part) => [part.type ?? []].flat());

/* Files are not on the server, and estimates are those of a world's gravity: both are for the command line. */
const NOT_HERE = ["file", "estimate", "variable"];

/* The first and the last year of a change stand beside it and have no keys: they are no instruments. */
const properties = (): Record<string, { properties?: Record<string, Property> }> =>
  Object.fromEntries(
    Object.entries(described.value?.$defs.change.properties ?? {}).filter(([, { properties: keys }]) => keys),
  );

export const instruments = (): string[] => Object.keys(properties());

export const fieldsOf = (kind: string): Field[] =>
  Object.entries(properties()[kind]?.properties ?? {})
    .filter(([key]) => !NOT_HERE.includes(key))
    .map(([key, property]) => ({
      key,
      shape: shapeOf(key, property),
      description: property.description ?? "",
      words: property.enum ?? [],
    }));

/* The page's name of an instrument, and of a key. */
export const instrumentName = (kind: string): string => words.instruments[kind] ?? capital(kind.replaceAll("-", " "));
export const keyName = (key: string): string => words.keys[key] ?? capital(key.replaceAll("-", " "));
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/* What of a scenario is no instrument, or no key of its instrument: nothing where all is. */
export function misfit({ changes }: Scenario): string {
  if (instruments().length === 0) return "";
  for (const change of changes) {
    const kind = kindOf(change);
    const known = properties()[kind]?.properties;
    if (!known) return words.link.instrument(kind);
    const wrong = Object.keys(bodyOf(change)).find((key) => !Object.hasOwn(known, key));
    if (wrong) return words.link.key(wrong, kind);
  }
  return "";
}

/* A change of an instrument that the page has no fields of its own for, between two sides: its rates at 10%, the rest
   to be chosen. */
export function plainChange(kind: string, of: string, to: string): Change {
  const keys = fieldsOf(kind).map(({ key }) => key);
  const has = (key: string): boolean => keys.includes(key);
  const body: Record<string, unknown> = {};
  if (has("by")) body["by"] = of;
  else if (has("in")) body["in"] = of;
  else if (has("from")) body["from"] = of;
  if (has("on")) body["on"] = to;
  else if (has("to")) body["to"] = to;
  if (has("sectors") && kind !== "transfer") body["sectors"] = ["all"];
  if (has("quota")) Object.assign(body, { quota: "50%", "in-quota": "0%", "over-quota": "25%" });
  else if (has("rate")) body["rate"] = "10%";
  else if (has("price")) body["price"] = 50;
  else if (has("change")) body["change"] = "10%";
  else if (has("amount")) body["amount"] = "0.1%";
  return { [kind]: body } as unknown as Change;
}
