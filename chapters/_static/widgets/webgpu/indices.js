// Integers as a reader types them, judged before anything is asked of the device.
import { Problem } from "./problem.js";
import { requireRange } from "./program.js";

const WHOLE = /^[+-]?[0-9]{1,15}$/; // exact as a Number

/** A text in the form in which computers write numbers: minus signs and wide digits, as input methods make them, are taken too. */
const plain = (text) => text.normalize("NFKC").trim().replace(/^[\u2212\u2013]/, "-");

/**
 * The numbers of a tensor { name, dtype, range } from texts, one for each element.
 * Throws a Problem whose `at` says which text: of kind "number" where it is no whole number, "range" where it is not allowed.
 */
export function readIndices(texts, tensor) {
  const [least, most] = tensor.range;
  const values = texts.map((text, at) => {
    if (WHOLE.test(plain(text))) return Number(plain(text)) + 0;
    const got = text.trim() ? { en: `“${text.trim().slice(0, 40)}”`, zh: `“${text.trim().slice(0, 40)}”` } : { en: "empty", zh: "空的" };
    throw Object.assign(
      new Problem("number", {
        en: `Element ${at} of ${tensor.name} is ${got.en}, but the kernels take whole numbers from ${least} to ${most}: nothing has run.`,
        zh: `${tensor.name} 的第 ${at} 个元素是${got.zh}，而内核只接受 ${least} 到 ${most} 的整数：没有运行任何内核。`,
      }),
      { at },
    );
  });
  requireRange(tensor, values);
  return Int32Array.from(values);
}
