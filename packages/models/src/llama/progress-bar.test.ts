import { expect, test } from "vitest";
import { ProgressBar } from "./progress-bar.js";

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

test("draws a line over itself, only when it changes, and ends it", () => {
  const screen = terminal(true);
  const bar = new ProgressBar("small", screen);
  for (const receivedBytes of [0, 1, 5_000_000, 5_000_001, 10_000_000]) {
    bar.show({ receivedBytes, totalBytes: 10_000_000 });
  }
  bar.end();
  bar.end();
  expect(screen.written).toEqual([
    "\rDownloading small [........................]   0 % of 10 MB",
    "\rDownloading small [############............]  50 % of 10 MB",
    "\rDownloading small [########################] 100 % of 10 MB",
    "\n",
  ]);
});

test("counts where the size is not known", () => {
  const screen = terminal(true);
  new ProgressBar("small", screen).show({ receivedBytes: 2_500_000 });
  expect(screen.written).toEqual(["\rDownloading small 2 MB"]);
});

test("is silent where there is no terminal", () => {
  const screen = terminal(false);
  const bar = new ProgressBar("small", screen);
  bar.show({ receivedBytes: 1 });
  bar.end();
  expect(screen.written).toEqual([]);
});
