// One trial of an artefact: fill its inputs, run, judge, and time. What all labs do.
import { openDevice } from "./device.js";
import { secondOpinion } from "./oracles.js";
import { Program } from "./program.js";
import { compare, judge, recipe } from "./reference.js";

/**
 * Runs an artefact whose reference is `reference` (its own by default).
 * Returns { device, software, checks: [{ against, agrees, … }], outputs, timing }; timing only where the results are right.
 */
export async function tryArtefact(artefact, { reference = artefact.reference, oracle = null, timed = true, timing = {} } = {}) {
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
