// The words of all labs, in both languages.
export const WORDS = {
  run: { en: "Run", zh: "运行" },
  runAll: { en: "Run all on my GPU", zh: "在我的 GPU 上全部运行" },
  running: { en: "running…", zh: "正在运行……" },
  stop: { en: "Stop", zh: "停止" },
  ready: { en: "Nothing has run yet. Nothing is sent anywhere: your browser compiles the kernels and your GPU runs them.", zh: "尚未运行。不会向任何地方发送数据：由浏览器编译内核，由你的 GPU 运行。" },
  device: { en: "Device: {name}.", zh: "设备：{name}。" },
  software: { en: "It is a device in software: the processor plays the GPU, so its times say little about GPUs.", zh: "这是软件设备：由 CPU 模拟 GPU，所以它的时间说明不了 GPU 的情况。" },
  recorded: { en: "Recorded for this page on {device}; your own numbers will differ.", zh: "本页的记录值，在 {device} 上测得；你自己的结果会不同。" },
  recordedTimes: { en: "Times recorded on {device}", zh: "在 {device} 上记录的时间" },
  recordedInSoftware: {
    en: "A processor played the GPU here. These times do not say which step is fastest on a GPU; the counters above say why.",
    zh: "这里由 CPU 模拟 GPU。这些时间不能说明哪一步在 GPU 上最快；原因要看上面的计数。",
  },
  countsStandIn: {
    en: "The table shows what the simulator counts for each step.",
    zh: "表中是模拟器对每一步的计数。",
  },
  recordedAnswers: {
    en: "Recorded for this page on {device}: the test images were read as {digits}; one image took {time}.",
    zh: "本页的记录值，在 {device} 上测得：测试图像依次识别为 {digits}；一幅图像用时 {time}。",
  },
  right: { en: "right", zh: "正确" },
  wrong: { en: "wrong: {count} differ", zh: "错误：{count} 处不同" },
  step: { en: "step", zh: "步骤" },
  timed: { en: "measured", zh: "实测" },
  result: { en: "result", zh: "结果" },
  simulated: { en: "simulator", zh: "模拟器" },
  program: { en: "Program of {name}", zh: "{name} 的程序" },
  wgsl: { en: "WGSL, as your browser compiles it", zh: "WGSL，即浏览器所编译的文本" },
  tensorir: { en: "TensorIR after scheduling", zh: "调度之后的 TensorIR" },
  kernel: { en: "kernel", zh: "内核" },
  grid: { en: "grid", zh: "网格" },
  block: { en: "block", zh: "线程块" },
  time: { en: "time", zh: "时间" },
  notice: {
    en: "{device} computed it; it agrees with the reference{javascript}. Times: the median of several batches, by {clock}.",
    zh: "由 {device} 计算；与参照结果{javascript}一致。时间取若干批的中位数，由{clock}测得。",
  },
  javascript: { en: " and with plain JavaScript", zh: "以及普通 JavaScript 的结果" },
  share: { en: "how sure the network is", zh: "网络的把握" },
  classify: { en: "Read it on my GPU", zh: "在我的 GPU 上识别" },
  clear: { en: "Clear", zh: "清除" },
  board: {
    en: "Drawing board. Draw a digit with mouse, pen or finger. With the keyboard: arrow keys move the pen, space puts it down and lifts it.",
    zh: "画板。用鼠标、笔或手指画一个数字。键盘操作：方向键移动画笔，空格键落笔和提笔。",
  },
  seen: { en: "What the network sees: 8 × 8 pixels, upright and centred, the same of every pen", zh: "网络看到的图像：8 × 8 像素，已扶正、居中，粗笔细笔都一样" },
  examples: { en: "Or take an image from the test set:", zh: "或者取测试集中的一幅图像：" },
  example: { en: "Example of the digit {digit}", zh: "数字 {digit} 的例子" },
  pen: { en: "Pen width", zh: "笔的粗细" },
  drawFirst: { en: "Draw a digit.", zh: "请画一个数字。" },
  answer: { en: "It reads: {digit}", zh: "识别为：{digit}" },
  notSure: { en: "Not sure: this looks like no digit, or like several.", zh: "拿不准：看起来不像数字，或像好几个。" },
  notSureInJavaScript: { en: "Plain JavaScript is not sure: this looks like no digit, or like several.", zh: "普通 JavaScript 拿不准：看起来不像数字，或像好几个。" },
  noDigit: { en: "none", zh: "皆非" },
  answerInJavaScript: { en: "Plain JavaScript reads: {digit}", zh: "普通 JavaScript 识别为：{digit}" },
  forOne: { en: "One image takes {time}.", zh: "一幅图像用时 {time}。" },
  launched: { en: "The kernels that one image launches, in order; press one to see its program:", zh: "一幅图像依次启动的内核；点击一个查看它的程序：" },
  shared: { en: "shared bytes", zh: "共享内存字节" },
  dropHere: { en: "Drop a file here that export_webgpu wrote, or choose one:", zh: "把 export_webgpu 生成的文件拖到这里，或选择一个：" },
  exampleFile: { en: "Take an example", zh: "使用示例" },
  runFile: { en: "Run it on my GPU", zh: "在我的 GPU 上运行" },
  fileRead: { en: "The file is read as data; nothing of it has run yet.", zh: "文件只当作数据读入，尚未运行其中的任何内容。" },
  wrongFile: { en: "Your GPU computed something else than the simulator did when you exported.", zh: "你的 GPU 算出的结果与导出时模拟器的结果不同。" },
  typeRows: { en: "Numbers of the rows to look up, each from {least} to {most}:", zh: "要查的行的编号，各为 {least} 到 {most}：" },
  lookUp: { en: "Look them up on my GPU", zh: "在我的 GPU 上查表" },
  rowsRead: { en: "The rows your GPU read", zh: "你的 GPU 读到的行" },
  foundRows: { en: "{device} read these rows; plain JavaScript finds the same.", zh: "由 {device} 读出这些行；与普通 JavaScript 的结果一致。" },
  random: { en: "random", zh: "随机" },
  guided: { en: "guided by a model", zh: "模型引导" },
  budget: { en: "Measurements of each search", zh: "每种搜索的测量次数" },
  seed: { en: "Seed", zh: "种子" },
  searchNow: { en: "Search on my GPU", zh: "在我的 GPU 上搜索" },
  searchRecorded: { en: "Search recorded times", zh: "在记录的时间上搜索" },
  searching: { en: "Searching. Each schedule is compiled, its result compared with the reference, and then timed.", zh: "正在搜索。每个调度先编译，把结果与参照比较，然后计时。" },
  space: { en: "The space: {drawn} schedules, of which WebGPU can run {valid}.", zh: "搜索空间：{drawn} 个调度，其中 {valid} 个能在 WebGPU 上运行。" },
  progress: { en: "{count} of {budget} measurements.", zh: "已测量 {count} 次，共 {budget} 次。" },
  curvesLabel: { en: "Best time so far of both searches, over the number of measurements; each mark is one measurement.", zh: "两种搜索的迄今最优时间随测量次数的变化；每个标记是一次测量。" },
  measurements: { en: "measurements", zh: "测量次数" },
  search: { en: "search", zh: "搜索" },
  measured: { en: "measured", zh: "已测量" },
  skipped: { en: "skipped as invalid", zh: "因无效跳过" },
  bestTime: { en: "best", zh: "最优" },
  bestSchedule: { en: "its decisions", zh: "它的决策" },
  trace: { en: "Trace, with its decisions", zh: "轨迹及其决策" },
  beliefs: { en: "A model fitted to all that was measured looks most at: {list}.", zh: "对全部测量结果拟合的模型最看重：{list}。" },
  refused: { en: "{refused} were refused by the device, {wrong} gave a wrong result; none of them counts.", zh: "设备拒绝了 {refused} 个，{wrong} 个结果错误；它们都不计入。" },
  clockDevice: { en: "the device's own clock", zh: "设备自己的时钟" },
  clockWall: { en: "the browser's clock", zh: "浏览器的时钟" },
};

const WIDE = /[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]/;

/** A word in the reader's language, its {fields} filled. */
export function word(name, lang, fields = {}) {
  return filled(WORDS[name][lang], fields);
}

/** A text with its {fields} filled, as `Text.format` of mlc_ref/language.py fills them. */
export function filled(text, fields) {
  const parts = text.split(/\{(\w+)\}/); // every other one is the name of a field
  return parts.reduce((before, part, i) => joined(before, i % 2 ? String(fields[part]) : part), "");
}

// Chinese has no space between its own characters; the text has one for values in Latin letters.
function joined(before, part) {
  const isWithin = (a = "", b = "") => WIDE.test(a) && WIDE.test(b);
  if (before.endsWith(" ") && isWithin(before.at(-2), part[0])) return before.slice(0, -1) + part;
  if (part.startsWith(" ") && isWithin(before.at(-1), part[1])) return before + part.slice(1);
  return before + part;
}
