/* What the page has to do with its server: the token, several worlds, and how much comes over the line. */
import { expect, hashOf, test } from "./derisk";

const TABLE = `V1,DEU_C26,CHN_C26,DEU_FD,CHN_FD,OUT
DEU_C26,10,2,40,8,60
CHN_C26,3,20,7,60,90
VA,47,68,0,0,115
OUT,60,90,47,68,265
`;

/* The title of the world that this page asks. */
const titleHere = async (): Promise<string> => (await (await fetch("api/v1/world")).json()).title;

test("the token can be typed in, and lasts for the browser", async ({ derisk, browser }) => {
  const server = await derisk.serve("sample.world", "--listen", "127.0.0.1");
  const [address, token] = server.url.split("#token=") as [string, string];
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  const box = page.getByLabel("Token");
  await expect(page.getByRole("alert")).toContainText("the token is missing or wrong");
  await box.fill("wrong");
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByRole("tablist")).toBeHidden();
  await box.fill(` ${token} `);
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByRole("tablist")).toBeVisible();
  expect(page.url()).not.toContain(token);
  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByRole("tablist")).toBeVisible();
  await context.close();
  await server.stop();
});

test("the worlds of a server can be chosen", async ({ derisk, page }) => {
  derisk.file("t_2011.csv", TABLE);
  derisk.run("import", "icio", "t_2011.csv", "--to", "small.world", "--quiet");
  const server = await derisk.serve("sample.world", "small.world");
  const choice = page.getByRole("combobox", { name: "World" });
  await page.goto(server.url);
  await expect(choice).toHaveValue("sample");
  await choice.selectOption("small");
  await expect(page).toHaveURL(/\/worlds\/small\/(#.*)?$/);
  expect(await page.evaluate(titleHere)).toBe("small.world");
  await choice.selectOption("sample");
  await expect(page).toHaveURL(/\/worlds\/sample\/(#.*)?$/);
  expect(await page.evaluate(titleHere)).toBe("sample.world");
  await page.goto("about:blank"); /* before its server is gone */
  await server.stop();
});

test("a step of the slider sends what the panel shows", async ({ open, page }) => {
  const tariff = { by: "EU", on: "CHN", sectors: ["goods"], rate: "25%" };
  await open(hashOf({ panel: "levers", scenario: { changes: [{ tariff }] } }));
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith("/simulate")),
    page.getByRole("slider", { name: "Rate" }).press("ArrowRight"),
  ]);
  const tables = (await answer.json()) as { sectors: { rows: { region: string }[] } };
  expect(new Set(tables.sectors.rows.map(({ region }) => region)).size).toBe(1);
  expect(answer.headers()["content-encoding"]).toBe("gzip");
  expect((await answer.request().sizes()).responseBodySize).toBeLessThan(20_000);
});
