// The reader's device: found once for all labs of a page, and found again after it was lost.
import { Problem } from "./problem.js";
import { filled } from "./words.js";

/** How long the page waits for one answer of a device. Far above what the labs need, also on a device in software. */
export const PATIENCE_MS = 30_000;
/** What did not come in time. */
const KERNELS = { en: "The kernels did not finish within {seconds} s.", zh: "内核没有在 {seconds} 秒内完成。" };
export const COMPILER = { en: "The browser did not compile the kernels within {seconds} s.", zh: "浏览器没有在 {seconds} 秒内编译完内核。" };
const OPENING = { en: "The browser did not open the device within {seconds} s.", zh: "浏览器没有在 {seconds} 秒内打开设备。" };

let current = null;

function refusal(kind, en, zh) {
  return new Problem(kind, { en, zh });
}

function lateness(what) {
  const seconds = PATIENCE_MS / 1000;
  return refusal(
    "late",
    `${filled(what.en, { seconds })} Nothing can interrupt a GPU, so this page stops waiting and gives the device up. Press run again to open it anew; if this comes back, let the program do less.`,
    `${filled(what.zh, { seconds })}GPU 上的工作无法中断，所以本页不再等待，并放弃该设备。再按一次运行会重新打开设备；若仍然如此，请让程序少做一些工作。`,
  );
}

/** What a promise brings, or the Problem that `giveUp` returns when it takes longer than the page waits. */
function inTime(promise, giveUp) {
  let timer = null;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(giveUp()), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function forget(gpu) {
  gpu.isLost = true;
  if (current?.gpu === gpu) current = null;
}

/** What a promise of the device brings; a Problem of kind "lost" or "late" where the device was lost or does not answer. */
export function answerOf(gpu, promise, what = KERNELS) {
  return inTime(Promise.race([promise, gpu.lost]), () => {
    gpu.late ??= lateness(what);
    forget(gpu);
    gpu.device.destroy(); // whoever else waits for it hears the same
    return gpu.late;
  });
}

/** A name for people: what the browser tells about the adapter. */
export function nameOf(info = {}) {
  const words = info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(" ");
  return words || "GPU";
}

async function findAdapter() {
  if (!globalThis.navigator?.gpu) {
    throw refusal(
      "none",
      "This browser offers no WebGPU here, so nothing can run on your GPU. Current versions of Chrome, Edge, Safari and Firefox have it; the page must come over https or from your own machine.",
      "该浏览器在此处没有提供 WebGPU，所以无法在你的 GPU 上运行。新版 Chrome、Edge、Safari 和 Firefox 都支持它；页面须通过 https 或从本机打开。",
    );
  }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw refusal(
      "none",
      "This browser knows WebGPU but found no GPU it may use. Its settings, or a missing driver, can be the reason.",
      "该浏览器支持 WebGPU，但没有找到可用的 GPU。原因可能是浏览器设置，或缺少驱动程序。",
    );
  }
  return adapter;
}

async function open() {
  const adapter = await findAdapter();
  const timed = adapter.features.has("timestamp-query");
  const wanted = ["timestamp-query", "shader-f16"].filter((feature) => adapter.features.has(feature));
  const device = await adapter.requestDevice({ requiredFeatures: wanted });
  const gpu = {
    device,
    name: nameOf(adapter.info),
    software: Boolean(adapter.info?.isFallbackAdapter),
    timestamps: timed,
    isLost: false,
    features: new Set(wanted),
  };
  gpu.lost = device.lost.then(({ message }) => {
    forget(gpu);
    if (gpu.late) throw gpu.late;
    throw refusal(
      "lost",
      `The device was lost while it worked${message ? ` (${message.trim()})` : ""}. Press run again to open it anew.`,
      `设备在工作时丢失${message ? `（${message.trim()}）` : ""}。再按一次运行会重新打开设备。`,
    );
  });
  gpu.lost.catch(() => {}); // whoever waits for the device hears of it; nobody else needs to
  return gpu;
}

/** The device; throws a Problem of kind "none" where there is none. */
export async function openDevice() {
  if (!current) {
    const attempt = { gpu: null };
    attempt.promise = inTime(open(), () => lateness(OPENING)).then((gpu) => (attempt.gpu = gpu));
    current = attempt;
    attempt.promise.catch(() => {
      if (current === attempt) current = null;
    });
  }
  return current.promise;
}

/** Refuses an artefact that asks for a feature the device lacks. */
export function requireFeatures(gpu, artefact) {
  const missing = artefact.features.filter((feature) => !gpu.features.has(feature));
  if (missing.length) {
    throw refusal(
      "feature",
      `This program needs the feature ${missing.join(", ")}, which your device (${gpu.name}) does not offer.`,
      `该程序需要特性 ${missing.join("、")}，你的设备（${gpu.name}）不提供。`,
    );
  }
}
