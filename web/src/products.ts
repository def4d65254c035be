/* Products by name and code: the built-in lists of critical products, and what they name. Any other code of the
   Harmonized System may be typed. The lists are the files that the program has them from. */
import chpl from "../../data/products/chpl.csv?raw";
import critical from "../../data/products/crm.csv?raw";
import food from "../../data/products/food.csv?raw";
import green from "../../data/products/green.csv?raw";
import strategic from "../../data/products/strategic.csv?raw";
import vaccines from "../../data/products/vaccines.csv?raw";
import type { Option } from "./parts/combo";
import { words } from "./words";

/* By the names that scenarios call them by. */
const LISTS: Record<string, string> = { critical, strategic, chpl, green, food, vaccines };

interface Product {
  code: string;
  list: string;
  label: string;
}

/* Rows product,list,label. */
const productsOf = (list: string, text: string): Product[] =>
  text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [code = "", , label = ""] = line.trim().split(",");
      return { code, list, label };
    });

let made: { options: Option[]; names: Map<string, string> } | undefined;

/* The lists first, then each product once, with the lists that it is on. */
function all(): { options: Option[]; names: Map<string, string> } {
  if (made) return made;
  const lists = Object.entries(LISTS).map(([list, text]) => ({ list, products: productsOf(list, text) }));
  const found = new Map<string, { labels: Set<string>; lists: string[] }>();
  for (const { code, list, label } of lists.flatMap(({ products }) => products)) {
    const one = found.get(code) ?? { labels: new Set(), lists: [] };
    found.set(code, one);
    if (/\p{L}{3}/u.test(label)) one.labels.add(label); /* a list of classes has labels such as "3A" */
    one.lists.push(words.products.lists[list]!);
  }
  const options = [
    ...lists.map(({ list, products }) => ({
      code: list,
      name: words.products.lists[list]!,
      hint: words.products.count(products.length),
    })),
    ...[...found].map(([code, { labels, lists: on }]) => ({
      code,
      name: [...labels].join(", ") || words.products.code(code),
      hint: on.join(", "),
    })),
  ];
  made = { options, names: new Map(options.map(({ code, name }) => [code, name])) };
  return made;
}

export const productOptions = (): Option[] => all().options;

/* "854231", "8542.31" and "85" are codes: chapters, headings, subheadings and national lines. */
const CODE = /^\d{2}(?:\.?\d{2}){0,4}$/;

/* What was typed as an option of its own, where it is a code. */
export const typedProduct = (typed: string): Option[] => {
  const code = typed.trim().replaceAll(".", "");
  return CODE.test(typed.trim()) && !all().names.has(code)
    ? [{ code, name: words.products.code(code), hint: words.products.harmonized }]
    : [];
};

/* "lithium (253090)"; a list by its name, another code as it is. */
export function productName(code: string): string {
  const name = all().names.get(code);
  if (!name) return words.products.code(code);
  return Object.hasOwn(LISTS, code) || name.includes(code) ? name : words.products.named(name, code);
}
