/* The terms of docs/glossary.md with their first paragraphs, made by glossary.js. */
declare module "virtual:terms" {
  const terms: Record<string, { text: string; anchor: string }>;
  export default terms;
}
