// A device made of JavaScript that answers at once, or not at all where a test says so; and an artefact to run on it.
const ZEROS = new Array(4).fill(0);

/** B = A for four numbers whose recipe is not run: the fake device returns zeros, and they are what is expected. */
export const artefact = () => ({
  format: "mlc-webgpu", version: 1, name: "add", storages: [16, 16], features: [], weights: "",
  tensors: ["A", "B"].map((name, storage) => ({ name, shape: [4], dtype: "float32", role: name === "B" ? "output" : "input", storage })),
  kernels: [{ name: "main_kernel", block: [4, 1, 1], shared_bytes: 0, access: ["read", "read_write"], wgsl: "fn main_kernel() {}\n" }],
  launches: [{ kernel: 0, grid: [1, 1, 1], tensors: [0, 1], uniform: [0] }],
  reference: {
    inputs: [{ tensor: 0, seed: 1 }],
    outputs: [{ tensor: 1, kind: "values", data: btoa(String.fromCharCode(...new Uint8Array(Float32Array.from(ZEROS).buffer))), tolerance: 0 }],
  },
});

const earlier = [];
const flags = new Proxy({}, { get: () => 1 });
for (const name of ["GPUBufferUsage", "GPUShaderStage", "GPUMapMode"]) globalThis[name] = flags;

/**
 * Puts a GPU where the page looks for one. Returns { opened, never, written, submits, answerAll }: the devices that were opened,
 * which calls never answer (such as `never.mapAsync = true`), what was written to buffers, how often work was submitted, and a
 * way to answer late.
 */
export async function fakeGpu() {
  earlier.splice(0).forEach((device) => device.destroy()); // the page keeps a device until it is lost
  await new Promise((done) => setImmediate(done));
  const gpu = { opened: [], never: {}, written: [], submits: 0, waiting: [], answerAll: () => gpu.waiting.forEach((done) => done()) };
  const answer = (name, value) => (gpu.never[name] ? new Promise((done) => gpu.waiting.push(() => done(value))) : Promise.resolve(value));
  const adapter = {
    features: new Set(), info: { description: "a fake" },
    requestDevice: () => answer("requestDevice").then(() => fakeDevice(gpu, answer)),
  };
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { gpu: { requestAdapter: async () => adapter } } });
  return gpu;
}

function fakeDevice(gpu, answer) {
  const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} };
  const buffer = ({ size }) => ({ destroy() {}, unmap() {}, mapAsync: () => answer("mapAsync"), getMappedRange: () => new ArrayBuffer(size) });
  const device = {
    destroyed: false,
    lost: null,
    queue: {
      writeBuffer: (_, offset, bytes) => gpu.written.push(bytes),
      submit: () => (gpu.submits += 1),
      // Submission 1 runs the program, 2 reads its result, 3 is the first timed batch.
      onSubmittedWorkDone: () => (gpu.submits > 2 ? answer("secondSubmit") : answer("onSubmittedWorkDone")),
    },
    createBuffer: buffer,
    createShaderModule: () => ({ getCompilationInfo: () => answer("getCompilationInfo", { messages: [] }) }),
    createComputePipelineAsync: () => answer("createComputePipelineAsync", {}),
    createBindGroupLayout: () => ({}), createPipelineLayout: () => ({}), createBindGroup: () => ({}),
    createCommandEncoder: () => ({ beginComputePass: () => pass, copyBufferToBuffer() {}, finish: () => ({}) }),
    pushErrorScope() {},
    popErrorScope: async () => null,
  };
  device.lost = new Promise((done) => {
    device.destroy = () => {
      device.destroyed = true;
      done({ message: "destroyed" });
    };
  });
  gpu.opened.push(device);
  earlier.push(device);
  return device;
}
