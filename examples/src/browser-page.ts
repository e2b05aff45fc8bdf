// An agent in a page (../browser): builds it with Vite, and opens it in Chromium where there is one.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const configFile = fileURLToPath(new URL("../browser/vite.config.ts", import.meta.url));
const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);

if (process.env["CODEACT_BUILT"] !== "1") {
  console.log("SKIPPED: a page is bundled from the built packages; set CODEACT_BUILT=1.");
} else {
  await build({ configFile, logLevel: "warn" });
  if (executablePath === undefined) console.log("SKIPPED: there is no Chromium to open it in.");
  else await look(executablePath);
}

async function look(program: string): Promise<void> {
  const server = await preview({ configFile, preview: { host: "127.0.0.1", port: 0 } });
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(server.resolvedUrls?.local[0] ?? "");
    await page.waitForFunction(() => document.getElementById("answer")?.textContent !== "", null, {
      timeout: 240_000,
    });
    const answer = await page.locator("#answer").innerText();
    console.log(answer);
    assert.equal(answer, "The window is 16 : 9.");
  } finally {
    await browser.close();
    await server.close();
  }
}
