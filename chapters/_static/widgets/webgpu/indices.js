// Integers as a reader types them, judged before anything is asked of the device.
import { requireRange, unfit } from "./program.js";

const WHOLE = /^[+-]?[0-9]{1,15}$/; // exact as a Number

/** A text in the form in which computers write numbers: minus signs and wide digits, as input methods make them, are taken too. */
const plain = (text) => text.normalize("NFKC").trim().replace(/^[\u2212\u2013]/, "-");

/** The numbers of a tensor from texts, one for each element. Throws a Problem whose `at` says which text is no number it may have. */
export function readIndices(texts, tensor) {
  const values = texts.map((text, at) => {
    if (!WHOLE.test(plain(text))) throw unfit(tensor, at, `“${text.trim().slice(0, 40)}”`);
    return Number(plain(text)) + 0; // no negative zero
  });
  requireRange(tensor, values);
  return Int32Array.from(values);
}
