/* Start: stories that are told with the figures of the program, and open where they can be changed. */
import type { Page } from "@playwright/test";
import { download, expect, hashOf, SAMPLE, test } from "./derisk";

const story = (page: Page, title: string | RegExp) =>
  page.getByRole("navigation", { name: "Questions" }).getByRole("button", { name: title });

test("the page opens with stories, each with its figure", async ({ open, page }) => {
  await open("");
  await expect(page.getByRole("heading", { name: "Duties on electric cars from China" })).toBeVisible();
  for (const title of [/electric cars/, /Russian gas/, /two blocs/, /Chips/])
    await expect(story(page, title)).toContainText(/[−+][0-9.,]+ (million|billion) US dollars a year/);
  /* Italy is in no Belt and Road of 2011, and a plan takes time: it is made when it is chosen. */
  await expect(story(page, /Italy/)).toHaveCount(0);
  await expect(story(page, /at most 30%/)).toContainText("worked out when it is chosen");
});

test("a story says what the program says, with its band, and opens in Levers", async ({ open, page, derisk }) => {
  await open(hashOf({ "start.story": "energy" }));
  await expect(page.locator(".story .facts dd").first()).toContainText("90% band");
  await page.getByRole("button", { name: "Open in Levers" }).click();
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const file = derisk.file("energy.yaml", (await download(page, "Scenario (YAML)")).text);
  const { rows } = derisk.table("simulate", "sample.world", file, "--table", "summary");
  const bands = derisk.table(
    "simulate",
    "sample.world",
    file,
    "--draws",
    "40",
    "--seed",
    "1",
    "--elasticity-error",
    "20%",
  );
  await page.getByRole("tab", { name: "Start" }).click();
  const text = (await page.locator(".story").innerText()).replaceAll("European Union", "EU");
  for (const about of ["answer", "trade", "what drives it"])
    for (const row of rows.filter((one) => one["about"] === about)) expect(text).toContain(String(row["says"]));
  const low = Number(bands.rows.find((row) => row["region"] === "EU")!["equivalent_variation_p5"]) / 1000;
  expect(text).toContain(`−${Math.abs(low).toPrecision(4)} billion`);
});

test("a figure whose band has both signs says that its direction is not sure", async ({ open, page }) => {
  const rows = [{ region: "EU", equivalent_variation_p5: -1, equivalent_variation_p95: 1 }];
  const line = `${JSON.stringify({ result: { draws: { rows } } })}\n`;
  await page.route("**/api/v1/draws", (route) => route.fulfill({ contentType: "application/x-ndjson", body: line }));
  await open("");
  await expect(page.locator(".story .facts")).toContainText("The direction is not sure");
});

test("the story of a cap is a plan, made when it is chosen, and opens in Plan", async ({ open, page, derisk }) => {
  await open("");
  await story(page, /at most 30%/).click();
  const { rows } = derisk.table("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%", "--table", "summary");
  const first = String(rows.find((row) => row["about"] === "answer")!["says"]);
  await expect(page.locator(".story")).toContainText(first.replace("the EU", "the European Union"));
  await page.getByRole("button", { name: "Open in Plan" }).click();
  await expect(page.getByRole("slider", { name: /Cap on the share of China/ })).toHaveValue("30");
});

test("a story that cannot be told says why", async ({ open, page }) => {
  page.removeAllListeners("console");
  await page.route("**/api/v1/simulate", (route) =>
    route.fulfill({ status: 422, json: { error: { status: "no-solution", message: "there is no solution" } } }),
  );
  await open("");
  await expect(page.getByRole("alert").first()).toContainText("there is no solution");
});

test("a world with emissions has the story of a carbon border, with the program's figures", async ({
  page,
  derisk,
}) => {
  const emissions = "CHN,metals,2011,CO2,kt,2000000\nRUS,metals,2011,CO2,kt,300000\nDEU,metals,2011,CO2,kt,70000\n";
  derisk.file("co2.csv", `region,sector,year,account,unit,value\n${emissions}`);
  const names = ["--sectors", `${SAMPLE}/sample_sectors.csv`, "--regions", `${SAMPLE}/sample_regions.csv`];
  derisk.run("import", "icio", `${SAMPLE}/sample_2011.csv.gz`, ...names, "--to", "carbon.world", "--quiet");
  derisk.run("import", "account", "co2.csv", "--to", "carbon.world", "--quiet");
  const { url, stop } = await derisk.serve("carbon.world");
  await page.goto(`${url}#${hashOf({ "start.story": "border" })}`);
  await expect(page.locator(".story h2")).toHaveText("A carbon border of the EU");
  await expect(page.locator(".story .facts")).toBeVisible();
  await page.getByRole("button", { name: "Open in Levers" }).click();
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const file = derisk.file("border.yaml", (await download(page, "Scenario (YAML)")).text);
  const { rows } = derisk.table("simulate", "carbon.world", file);
  const welfare = rows.find((row) => row["region"] === "CHN")!["welfare"] as number;
  await expect(page.locator(".ranking").getByRole("button", { name: /^China/ })).toContainText(
    `${Math.abs(welfare).toFixed(2)}%`,
  );
  await page.goto("about:blank");
  await stop();
});
