import { access } from "node:fs/promises";
import { type BrowserContext, chromium } from "playwright-core";

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

/** Whether there is a Chromium; otherwise it is said that `what` is not tested. */
export function hasChromium(what: string): boolean {
  if (executablePath === undefined) {
    console.warn(`SKIPPED: ${what}, for there is none of ${programs.join(", ")}.`);
  }
  return executablePath !== undefined;
}

/** Starts it without a window and without anything that it kept. */
export async function launchChromium(): Promise<BrowserContext> {
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ["--no-sandbox"],
    timeout: 120_000,
  });
  return browser.newContext();
}
