/* The page in a real browser: the system's Chromium, without a window, on servers that each worker starts for itself.
 */
import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

function chromium(): string {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      /* the next */
    }
  }
  throw new Error("there is no Chromium: the Debian package chromium has it");
}

/* It asks nobody for anything but our server. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: ".",
  outputDir: "../node_modules/.page-tests",
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [
    ["list"],
    ["junit", { outputFile: process.env["DERISK_PAGE_LOG"] ?? "../node_modules/.page-tests/page.xml" }],
  ],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
    launchOptions: { executablePath: chromium(), args: QUIET },
    actionTimeout: 60_000,
  },
});
