// Data that a page holds compressed: gzip as base64. It is unpacked when it is first needed.
import { bytesOf, LIMITS } from "./artefact.js";
import { Problem } from "./problem.js";

/** The JSON value in a packed text; refuses more than `most` bytes while it unpacks, not after. */
export async function unpack(packed, most = LIMITS.fileBytes) {
  return unzip(bytesOf(packed, "packed", most), most);
}

/** The JSON value in the bytes of a gzip file; refuses as `unpack`. */
export async function unzip(bytes, most = LIMITS.fileBytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Problem("artefact", { en: `The data is larger than ${most} bytes.`, zh: `数据超过 ${most} 字节。` });
    }
    text += decoder.decode(value, { stream: true });
  }
  return JSON.parse(text + decoder.decode());
}
