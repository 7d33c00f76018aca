// The SHA-256 of a file, by which the family knows whether it has it already.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** WebCrypto needs the whole file in memory, so films are read in pieces instead. */
const WHOLE_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 2 * 1024 * 1024;

/** 64 lower-case hexadecimal digits. */
export async function digestOf(file: Blob): Promise<string> {
  // A page served over plain HTTP on the home network has no WebCrypto.
  const native = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (native && file.size <= WHOLE_BYTES) {
    return bytesToHex(new Uint8Array(await native.digest('SHA-256', await file.arrayBuffer())));
  }
  return digestInPieces(file);
}

export async function digestInPieces(file: Blob): Promise<string> {
  const hash = sha256.create();
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    hash.update(new Uint8Array(await file.slice(start, start + PIECE_BYTES).arrayBuffer()));
    await letThePageBreathe();
  }
  return bytesToHex(hash.digest());
}

function letThePageBreathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
