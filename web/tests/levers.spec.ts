import { cells, csvRows, download, expect, hashOf, percent, test, whole, type Row } from "./derisk";

/* The ranking as it is read: name and change. */
const ranking = async (page: import("@playwright/test").Page) =>
  await page
    .locator(".ranking li button")
    .evaluateAll((all) => all.map((button) => [button.children[0]!.textContent, button.children[2]!.textContent]));

const byGain = (rows: Row[]) =>
  [...rows]
    .sort((a, b) => (b["welfare"] as number) - (a["welfare"] as number))
    .map((row) => percent(row["welfare"] as number));

test("what the levers do is what derisk simulate prints, by the downloaded file too", async ({
  open,
  page,
  derisk,
}) => {
  await open("panel=levers");
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const file = derisk.file("scenario.yaml", (await download(page, "Scenario (YAML)")).text);
  const { rows } = derisk.table("simulate", "sample.world", file);
  expect(csvRows((await download(page, "Economies (CSV)")).text)).toEqual(rows);
  expect(csvRows((await download(page, "Sectors (CSV)")).text)).toEqual(
    derisk.table("simulate", "sample.world", file, "--table", "sectors").rows,
  );
  expect((await ranking(page)).map(([, change]) => change)).toEqual(byGain(rows));
});

test("a slider that moves, by hand and by keyboard, moves the world", async ({ open, page, derisk }) => {
  await open("panel=levers");
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const slider = page.getByRole("slider", { name: "Rate" });
  const box = (await slider.boundingBox())!;
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 12 });
  await page.mouse.up();
  const isShown = async () => {
    const rate = `${await slider.inputValue()}%`;
    const { rows } = derisk.table(
      "simulate",
      "sample.world",
      "--tariff",
      `EU:CHN:electrical-optical,transport-equipment:${rate}`,
    );
    await expect.poll(async () => (await ranking(page)).map(([, change]) => change)).toEqual(byGain(rows));
  };
  await isShown();
  await slider.focus();
  for (let i = 0; i < 7; i++) await page.keyboard.press("ArrowRight");
  await isShown();

  const times = await page.evaluate(() =>
    performance.getEntriesByName("input-to-picture").map((entry) => entry.duration),
  );
  times.sort((a, b) => a - b);
  const [median, slowest] = [times[times.length >> 1]!.toFixed(0), times.at(-1)!.toFixed(0)];
  const pictures = `${times.length} pictures, median ${median} ms, slowest ${slowest} ms`;
  console.log(`      from input to picture, sample world: ${pictures}`);
});

test("other levers: an export curb, a ban, the short horizon", async ({ open, page, derisk }) => {
  const scenario = {
    horizon: "short",
    changes: [
      { "export-curb": { by: "CHN", to: "EU", sectors: ["electrical-optical"], cut: "50%" } },
      { ban: { by: "EU", on: "RUS", sectors: ["mining"] } },
      { "trade-cost": { between: "USA", and: "CHN", sectors: ["goods"], times: 1.2 } },
    ],
  };
  await open(hashOf({ panel: "levers", scenario }));
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const file = derisk.file("short.yaml", (await download(page, "Scenario (YAML)")).text);
  const { rows } = derisk.table("simulate", "sample.world", file);
  expect(csvRows((await download(page, "Economies (CSV)")).text)).toEqual(rows);
  await page.getByRole("button", { name: "Remove change 2" }).click();
  const left = derisk.file("left.yaml", (await download(page, "Scenario (YAML)")).text);
  await expect
    .poll(async () => (await ranking(page)).map(([, change]) => change))
    .toEqual(byGain(derisk.table("simulate", "sample.world", left).rows));
});

test("an economy that is chosen shows its sectors", async ({ open, page, derisk }) => {
  await open("panel=levers");
  await page
    .locator(".ranking")
    .getByRole("button", { name: /^Japan/ })
    .click();
  await expect(page.locator(".sectors h2")).toContainText("Japan");
  const file = derisk.file("japan.yaml", (await download(page, "Scenario (YAML)")).text);
  const rows = derisk
    .table("simulate", "sample.world", file, "--table", "sectors")
    .rows.filter((row) => row["region"] === "JPN");
  const shown = [...(await cells(page.locator(".sectors table"))).values()];
  expect(shown.map((row) => row[0])).toEqual(rows.map((row) => percent(row["output"] as number)));
});

test("bands from Uncertainty stand beside the headline", async ({ open, page }) => {
  await open(hashOf({ panel: "sure", "sure.draws": 20 }));
  await expect(page.locator(".bands svg")).toBeVisible();
  await page.getByRole("tab", { name: "Levers" }).click();
  await expect(page.locator(".headline")).toContainText(/ to /);
});

test("a scenario that fails leaves the old answer faded, and says in the page's own terms what is wrong", async ({
  open,
  page,
}) => {
  page.removeAllListeners("console"); /* the browser tells of each request that is refused */
  const curb = { "export-curb": { by: "CHN", to: "EU", sectors: ["electrical-optical"], cut: "50%" } };
  await open(
    hashOf({
      panel: "levers",
      scenario: { changes: [{ tariff: { by: "EU", on: "CHN", sectors: ["machinery"], rate: "25%" } }, curb] },
    }),
  );
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const before = await ranking(page);
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    hashOf({
      panel: "levers",
      scenario: { changes: [curb, { quota: { by: "EU", on: "CHN", sectors: ["goods"], at: 1000 } }] },
    }),
  );
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Change 2 (Import quota) conflicts with change 1 (Export curb)");
  await expect(alert).toContainText("from China to Germany");
  await expect(alert).not.toContainText(/scenario:|\d+:\d+|CHN|DEU|ELE|cap/);
  for (const card of [".where", ".winners", ".sectors"]) await expect(page.locator(card)).toHaveClass(/old/);
  expect(await ranking(page)).toEqual(before);
  await page.getByRole("button", { name: "Remove change 2" }).click();
  for (const card of [".where", ".winners", ".sectors"]) await expect(page.locator(card)).not.toHaveClass(/old/);
  await expect(alert).toHaveCount(0);
});

test("an economy that the world does not have is told with its change", async ({ open, page }) => {
  page.removeAllListeners("console");
  await open(
    hashOf({
      panel: "levers",
      scenario: {
        horizon: "short",
        changes: [
          { ban: { by: "EU", on: "RUS", sectors: ["mining"] } },
          { tariff: { by: "EU", on: ["CHN", "XYZ"], rate: "25%" } },
        ],
      },
    }),
  );
  await expect(page.getByRole("alert")).toContainText(/^Change 2 \(Tariff\): .*XYZ/);
});

test("a change that is added conflicts with none that is there", async ({ open, page }) => {
  await open("panel=levers");
  await expect(page.locator(".ranking li").first()).toBeVisible();
  for (let i = 2; i <= 12; i++) {
    await page.getByRole("button", { name: "Add a change" }).click();
    await expect(page.getByRole("listitem", { name: `Change ${i}`, exact: true })).toBeVisible();
  }
  await page.getByLabel("Kind of change 12").selectOption({ label: "Ban" });
  await page.getByLabel("Kind of change 11").selectOption({ label: "Import quota" });
  await page.waitForTimeout(500); /* what would be refused has been by then */
  await expect(page.locator(".progress")).toHaveCount(0);
  await expect(page.getByRole("alert")).toHaveCount(0);
  for (const card of [".where", ".winners"]) await expect(page.locator(card)).not.toHaveClass(/old/);
});

test("a quota on what everybody sells begins at half of it", async ({ open, page, derisk }) => {
  await open(
    hashOf({
      panel: "levers",
      scenario: { changes: [{ quota: { by: "EU", on: "all", sectors: ["electrical-optical"] } }] },
    }),
  );
  const { rows } = derisk.table("exposure", "sample.world", "EU");
  const imports = rows.find((row) => row["sector"] === "electrical-optical")!["imports"] as number;
  await expect(page.getByRole("slider", { name: /^Maximum volume/ })).toHaveAttribute(
    "aria-valuetext",
    whole(Math.round(imports / 2)),
  );
  await expect(page.locator(".ranking li").first()).toBeVisible();
});

test("rates are typed, with decimals and without a ceiling", async ({ open, page, derisk }) => {
  await open("panel=levers");
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const box = page.getByRole("spinbutton", { name: "Rate, as a number" });
  for (const rate of ["145", "17.4"]) {
    await box.fill(rate);
    await box.press("Enter");
    const tariff = `EU:CHN:electrical-optical,transport-equipment:${rate}%`;
    const { rows } = derisk.table("simulate", "sample.world", "--tariff", tariff);
    await expect.poll(async () => (await ranking(page)).map(([, change]) => change)).toEqual(byGain(rows));
    await expect(page.getByRole("slider", { name: "Rate" })).toHaveValue(rate);
  }
  /* A key on the slider goes on from there. */
  await page.getByRole("slider", { name: "Rate" }).press("ArrowRight");
  await expect(box).toHaveValue("18");
  /* What is no number, or out of bounds, is put right in sight. */
  await box.fill("");
  await box.press("Enter");
  await expect(box).toHaveValue("18");
  await box.fill("-5");
  await box.press("Enter");
  await expect(box).toHaveValue("0");
});

test("every instrument of the program can be chosen, and its answer is the program's", async ({
  open,
  page,
  derisk,
}) => {
  await open("panel=levers");
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const kinds = page.getByLabel("Kind of change 1");
  const offered = await kinds
    .locator("option")
    .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
  const { $defs } = JSON.parse(derisk.run("schema")) as {
    $defs: { change: { properties: Record<string, { properties?: object }> } };
  };
  /* Years stand beside an instrument, and have no keys. */
  const wanted = Object.entries($defs.change.properties).filter(([, { properties }]) => properties);
  expect([...offered].sort()).toEqual(wanted.map(([kind]) => kind).sort());
  for (const kind of ["tariff-rate-quota", "export-tax", "production-subsidy", "productivity", "transfer", "labour"]) {
    await kinds.selectOption(kind);
    await expect(page.locator(".winners")).not.toHaveClass(/old/);
    const file = derisk.file(`${kind}.yaml`, (await download(page, "Scenario (YAML)")).text);
    const { rows } = derisk.table("simulate", "sample.world", file);
    await expect.poll(async () => (await ranking(page)).map(([, change]) => change), kind).toEqual(byGain(rows));
  }
});

test("a change has exceptions, and a tariff a floor", async ({ open, page, derisk }) => {
  const tariff = { by: "USA", on: "all", sectors: ["goods"], rate: "10%" };
  await open(hashOf({ panel: "levers", scenario: { changes: [{ tariff }] } }));
  await expect(page.locator(".ranking li").first()).toBeVisible();
  await page.getByText("Exceptions and more").click();
  const except = page.getByRole("combobox", { name: "Except" });
  for (const name of ["Mexico", "Canada"]) {
    await except.fill(name);
    await except.press("Enter");
  }
  await page.getByRole("group", { name: "The rate" }).getByText("at least").click();
  const text = (await download(page, "Scenario (YAML)")).text;
  expect(text).toContain("at-least: 10%");
  const { rows } = derisk.table("simulate", "sample.world", derisk.file("except.yaml", text));
  await expect.poll(async () => (await ranking(page)).map(([, change]) => change)).toEqual(byGain(rows));
  expect(text).toMatch(/except:\n\s+- MEX\n\s+- CAN/);
});

test("a group of one's own in a scenario is an economy of the page", async ({ open, page, derisk }) => {
  const scenario = {
    groups: { partners: ["JPN", "KOR"] },
    changes: [{ tariff: { by: "partners", on: "CHN", sectors: ["machinery"], rate: "20%" } }],
  };
  await open(hashOf({ panel: "levers", scenario }));
  await expect(page.locator(".misread")).toHaveCount(0);
  const { rows } = derisk.table("simulate", "sample.world", derisk.file("own.yaml", JSON.stringify(scenario)));
  await expect.poll(async () => (await ranking(page)).map(([, change]) => change)).toEqual(byGain(rows));
});

test("the band stands beside the headline by itself, and says where the direction is not sure", async ({
  open,
  page,
  derisk,
}) => {
  const tariff = { by: "EU", on: "CHN", sectors: ["transport-equipment"], add: "20.7%" };
  await open(hashOf({ panel: "levers", scenario: { changes: [{ tariff }] } }));
  const headline = page.locator(".headline");
  await expect(headline.locator(".band").first()).toContainText("90% band");
  const scenario = derisk.file("cars.yaml", JSON.stringify({ changes: [{ tariff }] }));
  const options = ["--draws", "40", "--seed", "1", "--elasticity-error", "20%"];
  const eu = derisk.table("simulate", "sample.world", scenario, ...options).rows.find((row) => row["region"] === "EU")!;
  expect(Number(eu["welfare_p5"]) * Number(eu["welfare_p95"])).toBeLessThan(0);
  await expect(headline.locator("> span").first()).toContainText("The direction is not sure");
  await expect(headline).toContainText("million US dollars a year");
  await expect(page.getByRole("banner")).not.toContainText(/e-1| ms /, { useInnerText: true });
  await page.getByLabel("About the answer").click();
  await expect(page.locator(".about")).toContainText("all equations of the model hold to");
});

test("in a large world no panel begins a long job by itself", async ({ open, page }) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") asked.push(new URL(request.url()).pathname.split("/").at(-1)!);
  });
  await page.route("**/api/v1/world*", async (route) => {
    const answer = await route.fetch();
    const world = (await answer.json()) as { regions: object[] };
    for (let i = 0; i < 40; i++) world.regions.push({ code: `R${i}`, name: `Region ${i}`, parts: [] });
    await route.fulfill({ response: answer, json: world });
  });
  await page.route("**/api/v1/simulate", async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replaceAll(/"solve_seconds": ?[^,}]+/g, '"solve_seconds": 1');
    await route.fulfill({ response: answer, body: text });
  });
  for (const panel of ["start", "plan", "play", "sure", "levers"]) {
    await open(hashOf({ panel, "plan.frontier": true }));
    await expect(page.locator("main .card").first()).toBeVisible();
    await page.waitForTimeout(1500);
  }
  expect([...new Set(asked)]).toEqual(["simulate"]);
  await page.getByRole("button", { name: "Work out the band" }).click();
  await expect(page.locator(".headline .band").first()).toContainText("90% band");
});

test("limits are cuts, parts of the base or money, for curbs and quotas alike", async ({ open, page, derisk }) => {
  const curb = { by: "CHN", to: "EU", sectors: ["electrical-optical"], cut: "50%" };
  await open(hashOf({ panel: "levers", scenario: { changes: [{ "export-curb": curb }] } }));
  await expect(page.locator(".ranking li").first()).toBeVisible();
  const agrees = async () => {
    const file = derisk.file("limit.yaml", (await download(page, "Scenario (YAML)")).text);
    const { rows } = derisk.table("simulate", "sample.world", file);
    await expect.poll(async () => (await ranking(page)).map(([, change]) => change)).toEqual(byGain(rows));
    return rows;
  };
  const cut = await agrees();
  const limit = page.getByRole("group", { name: "The limit" });
  await limit.getByText("share of base").click();
  expect(await agrees()).toEqual(cut); /* at most 50% is a cut by 50% */
  await limit.getByText("value", { exact: true }).click();
  await expect(page.getByRole("slider", { name: /^Maximum volume/ })).toHaveAttribute("aria-valuetext", /\d/);
  const china = (rows: Row[]) => rows.find((row) => row["region"] === "CHN")!["welfare"] as number;
  expect(china(await agrees())).toBeCloseTo(china(cut), 3); /* half of the flow in money, in sum and not in each */
});

test("a group of one's own is made, named, used and renamed", async ({ open, page, derisk }) => {
  const tariff = { by: "EU", on: "CHN", sectors: ["machinery"], rate: "20%" };
  await open(hashOf({ panel: "levers", scenario: { changes: [{ tariff }] } }));
  await page.getByText("Groups of your own").click();
  await page.getByRole("button", { name: "Add a group" }).click();
  const members = page.getByRole("combobox", { name: "Members" });
  for (const name of ["Japan", "Korea"]) {
    await members.fill(name);
    await members.press("Enter");
  }
  const by = page.getByRole("combobox", { name: "Levied by" });
  await page.getByRole("button", { name: "Remove European Union" }).first().click();
  await by.fill("group 1");
  await by.press("Enter");
  const name = page.getByRole("textbox", { name: "Name of the group" });
  await name.fill("a,b");
  await name.press("Enter");
  await expect(page.getByRole("alert")).toContainText("cannot be the name of a group");
  await name.fill("partners");
  await name.press("Enter");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Remove partners" }).last()).toBeDisabled();
  const text = (await download(page, "Scenario (YAML)")).text;
  expect(text).toMatch(/groups:\n\s+partners:\n\s+- JPN\n\s+- KOR/);
  expect(text).toContain("by: partners");
  const { rows } = derisk.table("simulate", "sample.world", derisk.file("made.yaml", text));
  await expect.poll(async () => (await ranking(page)).map(([, change]) => change)).toEqual(byGain(rows));
});

test("products are found by name, by list and by code", async ({ open, page }) => {
  page.removeAllListeners("console"); /* the sample has no product flows: the server says so */
  const tariff = { by: "EU", on: "CHN", rate: "20%" };
  await open(hashOf({ panel: "levers", scenario: { changes: [{ tariff }] } }));
  await page.getByText("Exceptions and more").click();
  const products = page.getByRole("combobox", { name: /^Products/ });
  for (const typed of ["gallium", "Common High", "8703.80"]) {
    await products.fill(typed);
    await products.press("Enter");
  }
  const text = (await download(page, "Scenario (YAML)")).text;
  expect(text).toMatch(/products:\n\s+- "?\d+"?\n\s+- chpl\n\s+- "870380"/);
  await expect(page.locator(".chip").filter({ hasText: "HS 870380" })).toBeVisible();
});

test("labour supply, the use of tariff revenue and overhead are settings as of the command", async ({
  open,
  page,
  derisk,
}) => {
  const scenario = { changes: [{ tariff: { by: "EU", on: "CHN", sectors: ["all"], rate: "10%" } }] };
  await open(hashOf({ panel: "levers", scenario }));
  await page.getByLabel("Use of tariff revenue").selectOption({ label: "lower taxes on labour" });
  await page.getByLabel("Elasticity of labour supply, as a number").fill("0.5");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Overhead of sellers, share of sales")).toHaveCount(0);
  await page.getByLabel("Model", { exact: true }).selectOption("armington");
  await page.getByLabel("Overhead of sellers, share of sales").focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/overhead/);
  const text = (await download(page, "Scenario (YAML)")).text;
  for (const line of ["revenue: income-tax", "labour-supply: 0.5", "model: armington", "overhead: 0.05"])
    expect(text).toContain(line);
  const { rows } = derisk.table("simulate", "sample.world", derisk.file("settings.yaml", text), "--table", "regions");
  await expect(page.locator(".ranking button[aria-pressed=true]")).toContainText(
    percent(rows.find(({ region }) => region === "CHN")!["welfare"] as number),
  );
});
