/* Checks exchanges with `derisk serve` against docs/openapi.yaml, for tests/cli/openapi.py. Each line of standard input
   is a question in JSON, each line of standard output the list of the differences found:
     {"document": D}   is D (the file where D is null) a valid OpenAPI 3.1 description?
     {"served": D}     is D what the file says?
     {"method", "path", "body", "status", "type", "text"}   is this exchange as described? */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020.js";
import { parse } from "yaml";

const description = parse(readFileSync(new URL("../../docs/openapi.yaml", import.meta.url), "utf8"));

/* Strings are not taken for numbers or booleans. Strict mode would also refuse schemas for their style, such as
   "properties" without "type". */
function compiler(document) {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
  ajv.addSchema({ ...document, $id: "derisk:api" });
  const known = new Map();
  return (pointer) => {
    if (!known.has(pointer)) known.set(pointer, ajv.compile({ $ref: `derisk:api#${pointer}` }));
    return known.get(pointer);
  };
}

const escaped = (key) => key.replaceAll("~", "~0").replaceAll("/", "~1");
const pointerTo = (...keys) => keys.map((key) => `/${escaped(key)}`).join("");

/* The object at a pointer, and the pointer that it is really at: references are followed. */
function follow(pointer) {
  let at = description;
  let seen = "";
  for (const key of pointer.split("/").slice(1)) {
    at = at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")];
    seen += `/${key}`;
    if (typeof at?.$ref === "string") {
      seen = at.$ref.slice(1);
      at = follow(seen).value;
    }
  }
  return { value: at, pointer: seen };
}

const schemaAt = compiler(description);

function complaintsOf(pointer, value, where) {
  const valid = schemaAt(pointer);
  if (valid(value)) return [];
  return valid.errors.map(
    ({ instancePath, message, params }) => `${where}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/* The described path that an address fits, such as /api/v1/runs/{name}. */
function operationOf(method, address) {
  const fits = (path) => new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`).test(address);
  const path = Object.keys(description.paths).find(fits);
  const operation = path && description.paths[path][method.toLowerCase()];
  return operation ? { operation, pointer: pointerTo("paths", path, method.toLowerCase()) } : null;
}

/* A parameter of the query as the type that its schema asks for: text says nothing of types. */
function typed(text, { type }) {
  if (type === "integer" || type === "number") return text.trim() === "" ? text : Number(text);
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

/* A request that the server answered must be one that the description allows. */
function askedComplaints({ operation, pointer }, query, body) {
  const found = [];
  const parameters = operation.parameters ?? [];
  for (const [name, text] of query) {
    const at = parameters.findIndex((p) => p.in === "query" && p.name === name);
    if (at < 0) found.push(`the parameter ${name} is not described`);
    else {
      const schema = pointerTo("parameters", String(at), "schema");
      found.push(...complaintsOf(pointer + schema, typed(text, parameters[at].schema), `parameter ${name}`));
    }
  }
  for (const p of parameters.filter((p) => p.in === "query" && p.required))
    if (!query.has(p.name)) found.push(`${p.name} is described as required`);
  if (operation.requestBody)
    found.push(
      ...complaintsOf(pointer + pointerTo("requestBody", "content", "application/json", "schema"), body, "body"),
    );
  return found;
}

/* A stream is one value a line. */
const valuesOf = (type, text) =>
  type === "application/x-ndjson"
    ? text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [JSON.parse(text)];

function exchangeComplaints({ method, path, body, status, type, text }) {
  const { pathname, searchParams } = new URL(path, "http://derisk.invalid");
  const asked = operationOf(method, pathname);
  const responses = asked ? `${asked.pointer}/responses` : null;
  const key = asked?.operation.responses[status] ? String(status) : "default";
  /* Of a path or method that is not described there is only the error. */
  const response = follow(responses ? `${responses}/${key}` : "/components/responses/Error");
  const content = response.value.content[type];
  if (!content) return [`${method} ${path}: ${status} as ${type} is not described`];
  const schema = response.pointer + pointerTo("content", type, "schema");
  const values = valuesOf(type, text);
  const found = values.flatMap((value) => complaintsOf(schema, value, `answer ${status}`));
  if (!asked && status < 400) found.push("an answer of a path or method that is not described");
  const refused = status !== 200 || "error" in values.at(-1);
  if (asked && !refused) found.push(...askedComplaints(asked, searchParams, body));
  return found.map((complaint) => `${method} ${path}: ${complaint}`);
}

/* The schema of OpenAPI leaves what a "schema" holds to JSON Schema, so each is checked by its schema. */
function schemasOf(value, key) {
  if (typeof value !== "object" || value === null) return [];
  if (key === "schema") return [value];
  if (key === "schemas") return Object.values(value);
  return Object.entries(value).flatMap(([name, entry]) => schemasOf(entry, name));
}

async function documentComplaints(document) {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  if (!valid) return [errors].flat().map((error) => JSON.stringify(error));
  if (!document.openapi.startsWith("3.1.")) return [`this is OpenAPI ${document.openapi}`];
  const ajv = new Ajv();
  return schemasOf(document).flatMap((schema) =>
    ajv.validateSchema(schema) ? [] : ajv.errors.map((e) => JSON.stringify(e)),
  );
}

async function answer(question) {
  if ("document" in question) return await documentComplaints(question.document ?? description);
  if ("served" in question) return isDeepStrictEqual(question.served, description) ? [] : ["not what the file says"];
  return exchangeComplaints(question);
}

for await (const line of createInterface({ input: process.stdin })) {
  let complaints;
  try {
    complaints = await answer(JSON.parse(line));
  } catch (trouble) {
    complaints = [`the check itself failed: ${trouble.stack}`];
  }
  console.log(JSON.stringify(complaints));
}
