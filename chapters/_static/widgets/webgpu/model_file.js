// A model's file: fetched from the site when it is asked for, and known by its hash.
import { LIMITS } from "./artefact.js";
import { Problem } from "./problem.js";
import { unzip } from "./unpack.js";

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The folder of the site's static files: the theme writes it into each page. */
const staticRoot = () => new URL(`${document.documentElement.dataset.content_root ?? "./"}_static/`, document.baseURI);

async function fetched({ file, sha256, bytes }) {
  let response = null;
  try {
    response = await fetch(new URL(file, staticRoot()));
  } catch {
    // Without network a browser rejects; what to say is the same as for a missing file.
  }
  if (!response?.ok) {
    throw new Problem("fetch", {
      en: `The model's file did not come (${response ? response.status : "no network"}). Press again when the site can be reached.`,
      zh: `没有取到模型文件（${response ? response.status : "没有网络"}）。网站可以访问后再按一次。`,
    });
  }
  const found = new Uint8Array(await response.arrayBuffer());
  const same = found.length === bytes && hex(await crypto.subtle.digest("SHA-256", found)) === sha256;
  if (!same) {
    throw new Problem("fetch", {
      en: `The model's file is not the one this page was made with: got ${found.length} bytes, expected ${bytes}. Load the page again.`,
      zh: `模型文件与制作本页时的不同：得到 ${found.length} 字节，应为 ${bytes}。请重新加载本页。`,
    });
  }
  return found;
}

/** The JSON value of a lab's model, of which its page knows where it is: `{ file, sha256, bytes }`. */
export const modelOf = async (model) => unzip(await fetched(model), LIMITS.fileBytes);
