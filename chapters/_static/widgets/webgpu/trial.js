// One trial of an artefact: fill its inputs, run, judge, and time. What all labs do.
import { openDevice } from "./device.js";
import { secondOpinion } from "./oracles.js";
import { Problem } from "./problem.js";
import { Program } from "./program.js";
import { compare, judge, recipe } from "./reference.js";

/**
 * Runs an artefact whose reference is `reference` (its own by default).
 * Returns { device, software, checks: [{ against, agrees, … }], outputs, timing }; timing only where the results are right.
 */
export async function tryArtefact(artefact, { reference = artefact.reference, oracle = null, timed = true, timing = {} } = {}) {
  if (!reference) {
    throw new Problem("reference", {
      en: `${artefact.name}: the file says neither what to compute it on nor what must come out. Write it with export_webgpu, or add both with with_reference.`,
      zh: `${artefact.name}：该文件既没有说明输入，也没有说明应得的结果。请用 export_webgpu 写出文件，或用 with_reference 补上两者。`,
    });
  }
  const gpu = await openDevice();
  const program = await Program.create(gpu, artefact);
  try {
    const inputs = reference.inputs.map(({ tensor, seed }) => {
      const values = recipe(artefact.tensors[tensor], seed);
      program.write(tensor, values);
      return values;
    });
    await program.run();
    const checks = [];
    const outputs = [];
    for (const expected of reference.outputs) {
      const found = await program.read(expected.tensor);
      outputs.push(found);
      checks.push({ against: "reference", ...judge(expected, found) });
      const opinion = reference.outputs.length === 1 ? secondOpinion(oracle, inputs) : null;
      if (opinion) checks.push({ against: "javascript", ...compare(found, opinion, expected.tolerance) });
    }
    const agrees = checks.every((check) => check.agrees);
    return { gpu, device: gpu.name, software: gpu.software, checks, agrees, outputs, timing: timed && agrees ? await program.time(timing) : null };
  } finally {
    program.destroy();
  }
}
