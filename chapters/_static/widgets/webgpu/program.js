// Runs an artefact on a device: buffers, pipelines, launches, results, time.
import { GIVEN, VALUES } from "./artefact.js";
import { answerOf, COMPILER, requireFeatures } from "./device.js";
import { Problem } from "./problem.js";
import { numbers } from "./reference.js";

const BATCH_MS = 40; // how long one timed batch should take: well above the clock's steps, well below a watchdog's patience
const MOST_REPEATS = 4096;
const BATCHES = 5;
const SLOW_S = 0.5; // a batch that takes longer is not repeated as often

// The scopes are opened and closed around the call itself, not around the wait: programs that run side by side must
// not catch each other's errors.
async function checked(gpu, work, what) {
  const { device } = gpu;
  const kinds = ["validation", "out-of-memory", "internal"];
  kinds.forEach((kind) => device.pushErrorScope(kind));
  const result = (async () => work())(); // what is called before its first wait runs now
  const scopes = Promise.all(kinds.map(() => device.popErrorScope()));
  const [ended, errors] = await answerOf(gpu, Promise.all([result.then(() => null, (error) => error), scopes]), what);
  const error = errors.find(Boolean) ?? ended;
  if (error instanceof Problem) throw error;
  if (error) {
    const detail = error.message.trim().split("\n")[0].slice(0, 300);
    throw new Problem("device", { en: `The device refuses the program: ${detail}`, zh: `设备拒绝该程序：${detail}` });
  }
  return result;
}

async function pipelineOf(gpu, kernel) {
  const { device } = gpu;
  const module = device.createShaderModule({ label: kernel.name, code: kernel.wgsl });
  const { messages } = await answerOf(gpu, module.getCompilationInfo(), COMPILER);
  const wrong = messages.find(({ type }) => type === "error");
  if (wrong) {
    throw new Problem("wgsl", {
      en: `The browser does not compile kernel ${kernel.name}, line ${wrong.lineNum}: ${wrong.message}`,
      zh: `浏览器无法编译内核 ${kernel.name}，第 ${wrong.lineNum} 行：${wrong.message}`,
    });
  }
  const entries = kernel.access.map((access, binding) => ({
    binding, visibility: GPUShaderStage.COMPUTE, buffer: { type: access === "read" ? "read-only-storage" : "storage" },
  }));
  entries.push({ binding: entries.length, visibility: GPUShaderStage.COMPUTE, buffer: { type: "uniform" } });
  const group = device.createBindGroupLayout({ entries });
  const layout = device.createPipelineLayout({ bindGroupLayouts: [group] });
  const compute = { module, entryPoint: kernel.name };
  const pipeline = await checked(gpu, () => device.createComputePipelineAsync({ layout, compute }), COMPILER);
  return { group, pipeline };
}

/** What is wrong with element `at` of an input or a state, which is `got` as it should read: no kernel takes it. */
export function unfit({ name, dtype, range }, at, got) {
  const [least, most] = range ?? VALUES[dtype];
  const text = {
    en: `Element ${at} of ${name} is ${got}, but the kernels take whole numbers from ${least} to ${most}: nothing has run.`,
    zh: `${name} 的第 ${at} 个元素是 ${got}，而内核只接受 ${least} 到 ${most} 的整数：没有运行任何内核。`,
  };
  return Object.assign(new Problem("range", text), { at });
}

/** Refuses values of an input or a state that the kernels were not compiled for, such as the number of a row that is not there. */
export function requireRange(tensor, values) {
  if (!GIVEN.includes(tensor.role) || !Object.hasOwn(VALUES, tensor.dtype)) return;
  const [least, most] = tensor.range ?? VALUES[tensor.dtype];
  const at = values.findIndex((value) => !(value >= least && value <= most));
  if (at >= 0) throw unfit(tensor, at, values[at]);
}

export class Program {
  /** Compiles the kernels and fills the constants. Throws a Problem that says what the device refuses. */
  static async create(gpu, artefact) {
    requireFeatures(gpu, artefact);
    const program = new Program(gpu, artefact);
    try {
      await program.prepare();
    } catch (error) {
      program.destroy();
      throw error;
    }
    return program;
  }

  constructor(gpu, artefact) {
    this.gpu = gpu;
    this.artefact = artefact;
    this.owned = [];
  }

  buffer(size, usage) {
    const made = this.gpu.device.createBuffer({ size, usage });
    this.owned.push(made);
    return made;
  }

  async prepare() {
    const { artefact, gpu } = this;
    await checked(gpu, () => this.fill());
    const pipelines = await Promise.all(artefact.kernels.map((kernel) => pipelineOf(gpu, kernel)));
    await checked(gpu, () => {
      this.steps = artefact.launches.map((launch) => this.step(launch, pipelines[launch.kernel]));
    });
  }

  fill() {
    const { artefact } = this;
    const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    this.storages = artefact.storages.map((size) => this.buffer(size, storage));
    let offset = 0;
    artefact.tensors.forEach((tensor, i) => {
      if (tensor.role !== "constant") return;
      this.write(i, artefact.weights.slice(offset, (offset += tensor.bytes)));
    });
  }

  step({ grid, tensors, uniform }, { group, pipeline }) {
    const { device } = this.gpu;
    const words = this.buffer(Math.max(16, uniform.length * 4), GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    device.queue.writeBuffer(words, 0, new Uint32Array(uniform));
    const buffers = [...tensors.map((i) => this.storages[this.artefact.tensors[i].storage]), words];
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    return { pipeline, grid, group: device.createBindGroup({ layout: group, entries }) };
  }

  /** Fills a tensor from a typed array or bytes. Throws a Problem of kind "range" where the values of an input or a state leave its range. */
  write(tensor, values) {
    requireRange(this.artefact.tensors[tensor], values);
    const bytes = new Uint8Array(Math.ceil(values.byteLength / 4) * 4);
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.gpu.device.queue.writeBuffer(this.storages[this.artefact.tensors[tensor].storage], 0, bytes);
  }

  encode(pass, repeats) {
    for (let i = 0; i < repeats; i += 1) {
      for (const { pipeline, group, grid } of this.steps) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...grid);
      }
    }
    pass.end();
  }

  /** Runs all launches `repeats` times in one submission, and waits for them; a state goes from one to the next. */
  async run(repeats = 1) {
    const { gpu } = this;
    await checked(gpu, () => {
      const encoder = gpu.device.createCommandEncoder();
      this.encode(encoder.beginComputePass(), repeats);
      gpu.device.queue.submit([encoder.finish()]);
      return gpu.device.queue.onSubmittedWorkDone();
    });
  }

  /** The numbers of a tensor. */
  async read(tensor) {
    const { device } = this.gpu;
    const described = this.artefact.tensors[tensor];
    const size = Math.ceil(described.bytes / 4) * 4;
    const copy = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      await checked(this.gpu, () => {
        const encoder = device.createCommandEncoder();
        encoder.copyBufferToBuffer(this.storages[described.storage], 0, copy, 0, size);
        device.queue.submit([encoder.finish()]);
        return copy.mapAsync(GPUMapMode.READ);
      });
      return numbers(described, copy.getMappedRange().slice(0));
    } finally {
      copy.destroy();
    }
  }

  /** Seconds of one run: the median of a few batches, each long enough for the clock; one batch will do above `hopeless`. */
  async time({ batches = BATCHES, batchMs = BATCH_MS, hopeless = Infinity } = {}) {
    const clock = this.gpu.timestamps ? new DeviceClock(this) : new WallClock(this);
    try {
      let repeats = 1;
      let seconds = await clock.batch(1);
      while (seconds * 1000 < batchMs / 2 && repeats < MOST_REPEATS) {
        repeats = Math.min(MOST_REPEATS, Math.max(repeats * 2, Math.ceil((repeats * batchMs) / 1000 / Math.max(seconds, 1e-5))));
        seconds = await clock.batch(repeats);
      }
      const found = [seconds / repeats];
      const most = found[0] > hopeless ? 1 : seconds > SLOW_S ? 2 : batches;
      while (found.length < most) found.push((await clock.batch(repeats)) / repeats);
      found.sort((a, b) => a - b);
      return { seconds: found[found.length >> 1], least: found[0], most: found.at(-1), repeats, clock: clock.name };
    } finally {
      clock.destroy();
    }
  }

  destroy() {
    this.owned.forEach((buffer) => buffer.destroy());
    this.owned = [];
  }
}

/** The device's own clock, read before and after a batch. */
class DeviceClock {
  name = "timestamp-query";

  constructor(program) {
    const { device } = program.gpu;
    this.program = program;
    this.queries = device.createQuerySet({ type: "timestamp", count: 2 });
    this.ticks = device.createBuffer({ size: 16, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    this.copy = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  }

  async batch(repeats) {
    const { program, queries, ticks, copy } = this;
    const { device } = program.gpu;
    await checked(program.gpu, () => {
      const encoder = device.createCommandEncoder();
      const timestampWrites = { querySet: queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
      program.encode(encoder.beginComputePass({ timestampWrites }), repeats);
      encoder.resolveQuerySet(queries, 0, 2, ticks, 0);
      encoder.copyBufferToBuffer(ticks, 0, copy, 0, 16);
      device.queue.submit([encoder.finish()]);
      return copy.mapAsync(GPUMapMode.READ);
    });
    const [start, end] = new BigUint64Array(copy.getMappedRange().slice(0));
    copy.unmap();
    return Number(end - start) / 1e9;
  }

  destroy() {
    this.queries.destroy();
    this.ticks.destroy();
    this.copy.destroy();
  }
}

/** The page's clock around a batch: submission and notice are in it, so batches must be long. */
class WallClock {
  name = "wall";

  constructor(program) {
    this.program = program;
  }

  async batch(repeats) {
    const { program } = this;
    const { device } = program.gpu;
    const start = performance.now();
    await checked(program.gpu, () => {
      const encoder = device.createCommandEncoder();
      program.encode(encoder.beginComputePass(), repeats);
      device.queue.submit([encoder.finish()]);
      return device.queue.onSubmittedWorkDone();
    });
    return (performance.now() - start) / 1000;
  }

  destroy() {}
}
