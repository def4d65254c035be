/* Schemas of the values in a link: each tells whether a value is of its type. Other values are refused and reported
   (hash.ts). */

export type Schema<T> = (value: unknown) => value is T;

const LONGEST = 500; /* letters of a text, entries of a list */

export const text: Schema<string> = (value): value is string => typeof value === "string" && value.length <= LONGEST;
export const truth: Schema<boolean> = (value): value is boolean => typeof value === "boolean";

export const number =
  (least: number, most: number): Schema<number> =>
  (value): value is number =>
    typeof value === "number" && value >= least && value <= most;

export const whole =
  (least: number, most: number): Schema<number> =>
  (value): value is number =>
    number(least, most)(value) && Number.isInteger(value);

export const oneOf =
  <T extends string>(...words: readonly T[]): Schema<T> =>
  (value): value is T =>
    words.some((word) => word === value);

/* A text that is a number, "25" or "25%", in percent from `least` to `most`. */
export const percentage =
  (least: number, most: number): Schema<string> =>
  (value): value is string => {
    const found =
      typeof value === "string" ? /^\s*([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*(%?)\s*$/.exec(value) : null;
    return found !== null && number(least, most)(Number(found[1]) * (found[2] ? 1 : 100));
  };

export const listOf =
  <T>(one: Schema<T>): Schema<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.length <= LONGEST && value.every(one);

export const anyOf =
  <A, B>(a: Schema<A>, b: Schema<B>): Schema<A | B> =>
  (value): value is A | B =>
    a(value) || b(value);

export const optional =
  <T>(schema: Schema<T>): Schema<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || schema(value);

/* What the server checks. */
export const anything: Schema<unknown> = (value): value is unknown => value !== undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/* Keys that the schema does not have are refused too: what is misspelt would be lost without a word. */
export const object =
  <T>(fields: { [K in keyof T]-?: Schema<T[K]> }): Schema<T> =>
  (value): value is T =>
    isObject(value) &&
    Object.keys(value).every((key) => Object.hasOwn(fields, key)) &&
    (Object.keys(fields) as (keyof T & string)[]).every((key) =>
      fields[key](Object.hasOwn(value, key) ? value[key] : undefined),
    );

/* One that also holds. */
export const where =
  <T>(schema: Schema<T>, holds: (value: T) => boolean): Schema<T> =>
  (value): value is T =>
    schema(value) && holds(value);

export const recordOf =
  <T>(one: Schema<T>): Schema<Record<string, T>> =>
  (value): value is Record<string, T> =>
    isObject(value) &&
    Object.keys(value).length <= LONGEST &&
    Object.entries(value).every(([key, entry]) => text(key) && key !== "__proto__" && one(entry));
