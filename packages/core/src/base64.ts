/** Encodes bytes as base64, in every runtime and without a stack-sized argument list. */
export function encodeBase64(bytes: Uint8Array): string {
  const chunkSize = 0x8000;
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += chunkSize) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + chunkSize)));
  }
  return btoa(pieces.join(""));
}
