// A multiple of three, so that no piece but the last is padded, and few enough arguments for a call.
const pieceLength = 3 * 8192;

/** Base64 without Node's Buffer. */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += pieceLength) {
    const piece = bytes.subarray(start, start + pieceLength);
    pieces.push(btoa(String.fromCharCode(...piece)));
  }
  return pieces.join("");
}
