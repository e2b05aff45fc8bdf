import { describe, expect, it } from "vitest";
import { readProjectPage } from "./project-page.js";

const url = "https://index.example/simple/a/";
const hash = "ab".repeat(32);
const page = (text: string, contentType: string) => ({
  bytes: new TextEncoder().encode(text),
  contentType,
  url,
});
const first = {
  fileName: "a-1.0-py3-none-any.whl",
  place: "https://files.example/x/a-1.0-py3-none-any.whl",
  sha256: hash,
  requiresPython: ">=3.9",
  isYanked: false,
};
const second = {
  fileName: "a-2.0-py3-none-any.whl",
  place: "https://index.example/files/a-2.0-py3-none-any.whl",
  sha256: undefined,
  requiresPython: undefined,
  isYanked: true,
};

describe("readProjectPage", () => {
  it("reads the newer form, and no file that is not on a server as secure as the page", () => {
    const files = [
      {
        filename: first.fileName,
        url: first.place,
        hashes: { sha256: hash },
        "requires-python": ">=3.9",
        yanked: false,
      },
      {
        filename: second.fileName,
        url: "../../files/a-2.0-py3-none-any.whl",
        hashes: {},
        yanked: "bad",
      },
      { filename: "a-3.0-py3-none-any.whl", url: "http://files.example/a-3.0-py3-none-any.whl" },
      { filename: "a-4.0-py3-none-any.whl", url: "file:///etc/a-4.0-py3-none-any.whl" },
    ];
    const text = JSON.stringify({ meta: { "api-version": "1.0" }, name: "a", files });
    const found = readProjectPage(page(text, "application/vnd.pypi.simple.v1+json"));
    expect(found).toEqual([first, second]);
  });

  it("reads pages", () => {
    const text = `<!DOCTYPE html><html><body><h1>Links for a</h1>
      <a href="${first.place}#sha256=${hash}" data-requires-python="&gt;=3.9">${first.fileName}</a><br/>
      <a data-yanked="" href='../../files/a-2.0-py3-none-any.whl' >${second.fileName}</a>
      <a href="javascript:alert(1)">a-3.0-py3-none-any.whl</a></body></html>`;
    expect(readProjectPage(page(text, "text/html"))).toEqual([first, second]);
  });

  it("finds nothing in what is no page of a project", () => {
    expect(readProjectPage(page("[1]", "application/json"))).toEqual([]);
    expect(readProjectPage(page("not found", "text/plain"))).toEqual([]);
  });
});
