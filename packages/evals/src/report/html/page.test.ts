import { access, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Agent, codeFormat } from "@codeact/core";
import { FakeExecutor, ScriptedModel } from "@codeact/core/testing";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolders } from "../../../test/temporary-folder.js";
import type { AttemptRecord } from "../../run/attempt-record.js";
import type { FormatName } from "../../suite/format.js";
import { makeReport } from "../report.js";
import { renderHtml } from "./page.js";

const programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const found = await Promise.all(
  programs.map((program) =>
    access(program).then(
      () => program,
      () => undefined,
    ),
  ),
);
const executablePath = found.find((program) => program !== undefined);
if (executablePath === undefined) {
  console.warn(
    `SKIPPED: the HTML report is not looked at, for there is none of ${programs.join(", ")}.`,
  );
}

const redPixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;

/** An attempt with code, output, an image, and markup that the model wrote. */
async function attemptOf(
  task: string,
  format: FormatName,
  success: boolean,
): Promise<AttemptRecord> {
  const model = new ScriptedModel(
    [`I plot ${hostile}.\n<execute>plot("${hostile}")</execute>`, "Done."],
    { usage: { inputTokens: 900, outputTokens: success ? 40 : 400 } },
  );
  const executor = new FakeExecutor([
    async (_code, { print, display }) => {
      await print(`2 + 2 = ${hostile}`);
      await display({ "image/png": redPixel });
    },
  ]);
  const result = await new Agent({ model, executor, actionFormat: codeFormat() }).run("Plot it.");
  const { steps, usage, trajectory, status } = result;
  const counts = { actions: 1, failedActions: 0, toolCalls: 0, durationMs: 5 };
  const key = { task, family: task.split("/")[0] ?? "", format, repeat: 1 };
  return {
    type: "attempt",
    ...key,
    ...counts,
    success,
    status,
    turns: steps,
    usage,
    trajectory,
    answer: hostile,
    expected: "4",
  };
}

describe.skipIf(executablePath === undefined)(
  "the HTML report in Chromium",
  { timeout: 120_000 },
  () => {
    const makeFolder = temporaryFolders();
    let browser: Browser;
    let file = "";
    beforeAll(async () => {
      browser = await chromium.launch({
        ...(executablePath !== undefined && { executablePath }),
        args: ["--no-sandbox"],
        timeout: 120_000,
      });
    }, 120_000);
    afterAll(() => browser.close());
    beforeEach(async () => {
      const formats = ["code", "json", "text"] as const;
      const tasks = ["maps/one", "maps/two", "sums/one"];
      const attempts = await Promise.all(
        tasks.flatMap((task, index) =>
          formats.map((format) => attemptOf(task, format, format === "code" || index === 0)),
        ),
      );
      const header = {
        format: "codeact-evaluation",
        version: 1,
        suite: "plots",
        model: hostile,
      } as const;
      const conditions = { settings: {}, limits: { steps: 20 }, sampling: {} };
      const report = makeReport({
        header: { ...header, ...conditions },
        results: attempts,
        faults: [],
      });
      file = path.join(await makeFolder(), "report.html");
      await writeFile(
        file,
        renderHtml(
          report,
          (async function* () {
            yield* attempts;
          })(),
        ),
      );
    });

    /** Opens the report; `problems` collects console errors and requests beyond the file. */
    async function open(
      options: Parameters<Browser["newContext"]>[0],
    ): Promise<{ page: Page; problems: string[] }> {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("console", (message) => problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("request", (request) => {
        if (!request.url().startsWith("data:")) problems.push(request.url());
      });
      await page.goto(pathToFileURL(file).href);
      problems.splice(0, problems[0]?.startsWith("file:") ? 1 : 0);
      return { page, problems };
    }

    it("shows charts and every transcript, and loads nothing", async () => {
      const { page, problems } = await open({ viewport: { width: 1200, height: 900 } });
      expect(await page.locator("svg[role=img]").count()).toBe(3);
      expect(await page.locator("svg[role=img] rect").count()).toBe((3 + 3 * 2) * 2);
      expect(await page.locator("svg circle").count()).toBe(3 + 3 * 2);
      expect(await page.locator("details.attempt").count()).toBe(9);
      const first = page.locator("details.attempt").first();
      expect(await first.locator("pre.action").first().isVisible()).toBe(false);
      await first.locator("summary").first().click();
      expect(await first.locator("pre.action").first().innerText()).toContain('plot("<img src=x');
      expect(await first.locator("pre.output").last().innerText()).toContain("2 + 2 = <img");
      const image = first.locator("img");
      expect(await image.count()).toBe(1);
      expect(await image.evaluate((each: HTMLImageElement) => each.naturalWidth)).toBe(1);
      expect(await page.title()).toContain("<script>");
      expect(await page.locator("h2").allInnerTexts()).toEqual([
        "Success and turns",
        "Formats",
        "Comparisons",
        "Families",
        "How runs ended",
        "Time",
        "Transcripts",
      ]);
      // Two families in three formats below the head, intervals included.
      const families = page.getByRole("region", { name: "Families" }).locator("tr");
      expect(await families.count()).toBe(1 + 2 * 3);
      expect(await families.nth(2).innerText()).toMatch(
        /^maps\s+json\s+50\.0 %\s+\[9\.5 %, 90\.5 %\]/,
      );
      expect(problems).toEqual([]);
      await page.context().close();
    });

    it("fits a phone", async () => {
      const { page, problems } = await open({
        viewport: { width: 360, height: 740 },
        isMobile: true,
      });
      for (const summary of await page.locator("details.attempt > summary").all())
        await summary.click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        360,
      );
      const sizes = await page
        .locator("svg[role=img]")
        .evaluateAll((charts) => charts.map((chart) => chart.getBoundingClientRect().width));
      for (const width of sizes) expect(width).toBeGreaterThan(300);
      expect(problems).toEqual([]);
      await page.context().close();
    });

    it.each(["light", "dark"] as const)("can be read in %s mode", async (colorScheme) => {
      const { page } = await open({ colorScheme });
      // Relative luminance, as WCAG defines contrast by it.
      const contrasts = await page.evaluate(() => {
        const channels = (color: string) =>
          (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((value) => {
            const share = Number(value) / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          });
        const luminance = (color: string) => {
          const [red = 0, green = 0, blue = 0] = channels(color);
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const contrast = (one: string, other: string) => {
          const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
          return (light + 0.05) / (dark + 0.05);
        };
        const page = getComputedStyle(document.body).backgroundColor;
        const panel = getComputedStyle(document.querySelector("pre") as Element).backgroundColor;
        const body = getComputedStyle(document.body).color;
        const faint = getComputedStyle(document.querySelector("p.faint") as Element).color;
        const bar = getComputedStyle(document.querySelector("rect") as Element).fill;
        const stroke = (name: string) =>
          getComputedStyle(document.querySelector(name) as Element).stroke;
        return {
          dark: luminance(page) < 0.5,
          texts: [contrast(body, page), contrast(body, panel), contrast(faint, page)],
          bar: contrast(bar, page),
          // The whisker lies on its edge, the edge on the bar.
          whisker: contrast(stroke(".whisker"), stroke(".whisker-edge")),
          edge: contrast(stroke(".whisker-edge"), bar),
        };
      });
      expect(contrasts.dark).toBe(colorScheme === "dark");
      for (const contrast of contrasts.texts) expect(contrast).toBeGreaterThan(4.5);
      for (const contrast of [contrasts.bar, contrasts.whisker, contrasts.edge])
        expect(contrast).toBeGreaterThan(3);
      await page.context().close();
    });
  },
);
