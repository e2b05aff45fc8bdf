import { crc32 } from "node:zlib";

/** A wheel of plain Python: files by their paths, which the archive holds without compression. */
export function makeWheel(
  name: string,
  version: string,
  files: Readonly<Record<string, string>>,
  needs: readonly string[] = [],
): { fileName: string; content: Buffer } {
  const information = `${name}-${version}.dist-info`;
  const needed = needs.map((each) => `Requires-Dist: ${each}\n`).join("");
  const all = {
    ...files,
    [`${information}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${needed}`,
    [`${information}/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${information}/RECORD`]: Object.keys(files)
      .map((path) => `${path},,\n`)
      .join(""),
  };
  return { fileName: `${name}-${version}-py3-none-any.whl`, content: makeArchive(all) };
}

function makeArchive(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const content = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, content]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\0", "latin1"), common, place, name);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  const count = Object.keys(files).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from("PK\x05\x06"), end]);
}
