/* The server's interface (docs/openapi.yaml), typed. Results are the objects that the command line prints with
   --format json. */
import { signal } from "@preact/signals";
import { keep, kept } from "./store";
import { send } from "./transport";
import { words } from "./words";

export interface Region {
  code: string;
  name: string;
  parts: string[];
}
export interface Sector {
  code: string;
  name: string;
  slug: string;
  kind: string;
}
export interface Group {
  code: string;
  name: string;
  members: string[];
}
export interface Source {
  id: string;
  title: string;
  publisher: string;
  licence: string;
  url: string;
}

/* What a column is, as the program says it. */
export interface Column {
  heading: string;
  type: "text" | "count" | "percent" | "share" | "value" | "number";
  unit: string;
  description: string;
}
export type Columns = Record<string, Column>;

export interface World {
  title: string;
  world: string;
  worlds: string[];
  version: string;
  unit: string;
  years: number[];
  year: number;
  regions: Region[];
  sectors: Sector[];
  groups: Group[];
  sources: Source[];
  emissions: { account: string; regions: string[] } | null /* what carbon instruments build on */;
  horizons: string[];
  models: string[];
  closures: string[];
  revenue_uses: string[];
  elasticity_sets: string[];
  changes: Columns /* those of a table of economies that are changes */;
  runs: string[];
  store: boolean;
}

export type Value = string | number | boolean | null;
export type Row = Record<string, Value>;

export interface Certificate {
  worst_residual: number;
  worst_equation: string;
  solve_seconds?: number;
  [more: string]: Value | undefined;
}

/* Indices of the rows that are sums: of groups, and of all rows together. */
interface Sums {
  group?: number[];
  total?: number[];
}

export interface Table {
  title: string;
  year?: number;
  unit?: string;
  source?: string;
  answer: string[];
  notes: string[];
  columns: Columns;
  rows: Row[];
  sums?: Sums;
  settings?: Record<string, Value>;
  certificate?: Certificate;
  [more: string]: unknown;
}

/* The rows that are of one region, sector or supplier each. */
export function singles({ rows, sums = {} }: Table): Row[] {
  const others = new Set([...(sums.group ?? []), ...(sums.total ?? [])]);
  return rows.filter((_, i) => !others.has(i));
}

/* Whether a row sums up others. */
export const isSum = ({ rows, sums = {} }: Table, row: Row): boolean =>
  [...(sums.group ?? []), ...(sums.total ?? [])].some((at) => rows[at] === row);

export interface Progress {
  what: string;
  done: number;
  all: number;
}

/* The server's error message, one line. */
export class Trouble extends Error {
  constructor(
    readonly kind: string,
    message: string,
    readonly retryAfter = 0,
    readonly http = 0,
  ) {
    super(message);
  }
}

export const wasAborted = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

/* A server that listens to others gives a token with the page's address (#token=...). It is kept out of the address
   from then on, so that a shared link does not hand it out; the browser keeps it for other tabs and days. */
const TOKEN = "derisk-token";
export const keepToken = (token: string): void => keep(TOKEN, token);
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) keepToken(given);
const token = given ?? kept(TOKEN);

function headers(more: Record<string, string>): Record<string, string> {
  return token ? { ...more, Authorization: `Bearer ${token}` } : more;
}

async function troubleOf(answer: Response): Promise<Trouble> {
  const body = await answer.json().catch(() => undefined);
  return new Trouble(
    body?.error?.status ?? String(answer.status),
    body?.error?.message ?? words.trouble.answered(answer.status),
    Number(answer.headers.get("Retry-After") ?? 0),
    answer.status,
  );
}

async function ask(path: string, options: RequestInit): Promise<Response> {
  try {
    return await send(path, options);
  } catch (error) {
    if (wasAborted(error)) throw error;
    void waitForServer();
    throw new Trouble(LOST, words.trouble.lost);
  }
}

/* Questions that failed for lack of a server are repeated when it is back: `back` counts its returns. */
export const LOST = "lost";
export const back = signal(0);
let waiting = false;

async function waitForServer(): Promise<void> {
  const EVERY = 2; /* seconds */
  if (waiting) return;
  waiting = true;
  for (let answers = false; !answers; ) {
    await pause(EVERY, undefined);
    answers = await send("status", { headers: headers({}) }).then(
      () => true,
      () => false,
    );
  }
  waiting = false;
  back.value++;
}

const pause = (seconds: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 1000 * seconds);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });

/* Asks again where the server says that it is busy and when to come back. */
async function patiently(path: string, options: RequestInit): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const answer = await ask(path, options);
    if (answer.ok) return answer;
    const trouble = await troubleOf(answer);
    if (answer.status !== 429 || tries === 5) throw trouble;
    await pause(Math.max(trouble.retryAfter, 0.2), options.signal ?? undefined);
  }
}

export type Query = Record<string, string | number | boolean | undefined>;

/* The contents of the world. */
export async function get<T = Table>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  const answer = await patiently(text ? `${path}?${text}` : path, { headers: headers({}), signal: signal ?? null });
  return (await answer.json()) as T;
}

async function* linesOf(answer: Response): AsyncGenerator<string> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest) yield rest;
}

export interface Solving {
  signal?: AbortSignal;
  progress?: (progress: Progress) => void;
}

/* A solve. With `progress` the answer comes as a stream and says how far it is; an abort ends the solve in the server
   too. */
export async function solve<T>(path: string, body: unknown, { signal, progress }: Solving = {}): Promise<T> {
  const answer = await patiently(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: headers({
      "Content-Type": "application/json",
      Accept: progress ? "application/x-ndjson" : "application/json",
    }),
    signal: signal ?? null,
  });
  if (!progress) return (await answer.json()) as T;
  for await (const line of linesOf(answer)) {
    const said = JSON.parse(line);
    if (said.progress) progress(said.progress);
    if (said.error) throw new Trouble(said.error.status, said.error.message);
    if (said.result) return said.result as T;
  }
  throw new Trouble("machine", words.trouble.brokenOff);
}
