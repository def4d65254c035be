/* What is said about what is on the screen wherever it goes: the question, the numbers with their bands, the model, the
   world with its sources and licences, the command with the same result, and the link. */
import { link } from "./hash";
import { scenario, type Scenario } from "./scenario";
import { titleOf, wordsOf } from "./phrases";
import { nameOf, of, to, world, year } from "./state";
import { words } from "./words";

export interface About {
  question: string[] /* what was asked */;
  answer: string[] /* the numbers, in words */;
  command: string;
}

/* A scenario as a question: its name, and its changes. */
export function questionOf(asked: Scenario): string[] {
  const changes = asked.changes.map(wordsOf);
  return asked.title && asked.title !== titleOf({ changes: asked.changes }) ? [asked.title, ...changes] : changes;
}

/* The settings that are not the default. */
function modelOf({ title: _, changes: __, year: ___, groups: ____, ...settings }: Scenario): string {
  const given = Object.entries(settings).map(([key, value]) => `${key} ${String(value)}`);
  return words.about.model(given.join(", "));
}

const sources = (): string[] =>
  world.value!.sources.map(({ title, publisher, licence }) => [title, publisher, licence].filter(Boolean).join("; "));

/* The sources with their licences, a line each. */
export const sourceLines = (): string[] => sources().map(words.about.source);

export const noLines: About = { question: [], answer: [], command: "" };

/* The lines below a picture. The link is the last of them. */
export function linesOf({ question, answer, command }: About): string[] {
  return [
    ...question,
    ...answer,
    `${modelOf(scenario.value!)}; ${words.about.year(year.value, world.value!.unit)}`,
    ...sourceLines(),
    ...(command ? [words.about.command(command)] : []),
    words.about.link(link()),
  ];
}

/* The answer as sentences for a text: with what it is an answer to. */
export const sentencesOf = ({ question, answer }: About): string =>
  [...question, ...answer].map((line) => (/[.!?]$/.test(line) ? line : `${line}.`)).join(" ");

const MOST = 60; /* letters of a file name */

const slug = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MOST)
    .replace(/^-|-$/g, "");

/* A name that says what is in the file: "tariff-of-european-union-on-china-25-answer-2011.svg". */
export function fileName({ question }: About, what: string, ending: string): string {
  const asked = slug(question[0] ?? `${nameOf(of.value)} ${nameOf(to.value)}`);
  return `${[asked, what, year.value].filter(Boolean).join("-")}.${ending}`;
}
