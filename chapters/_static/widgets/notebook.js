// Draws one widget in the output of a notebook. The script stands in the output itself, see mlc_ref/viz/scripts.py, and what
// is around it may be JupyterLab, Notebook, VS Code, Colab or a plain page.
import { readData } from "./dom.js";

/** Whether the notebook is shown dark: what the program around it says, else the colour of the paper, else the system. */
function isDark(root) {
  const { body, documentElement: page } = document;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  // In a light theme of high contrast, VS Code names the dark one as well.
  if (/\bvscode-(light|dark|high-contrast)/.test(body.className)) return !/\bvscode-(light|high-contrast-light)\b/.test(body.className);
  if (page.hasAttribute("theme")) return page.getAttribute("theme") === "dark";
  for (let element = root; element; element = element.parentElement) {
    const paper = getComputedStyle(element).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
    if (paper.length === 3 || paper[3] > 0.5) return paper[0] + paper[1] + paper[2] < 384;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Keep the widget's colours those of the notebook. */
function followTheme(root) {
  const set = () => {
    if (root.dataset.theme !== (isDark(root) ? "dark" : "light")) root.dataset.theme = isDark(root) ? "dark" : "light";
  };
  const observer = new MutationObserver(set);
  for (const element of [document.documentElement, document.body]) observer.observe(element, { attributes: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", set);
  set();
}

/** The widget a script belongs to. VS Code runs scripts at the end of the output and not in their place. */
function rootOf(script) {
  const waiting = ".mlc-notebook[data-widget]:not([data-state])";
  return script?.closest(waiting) ?? script?.parentElement?.querySelector(waiting) ?? document.querySelector(waiting);
}

/** The language: what the kernel was told, else that of the notebook's own text, where the program shows it on the same page. */
function languageOf(root) {
  if (!root.hasAttribute("data-unasked")) return root.lang;
  const texts = [...(root.closest(".jp-Notebook, #notebook-container")?.querySelectorAll(".jp-MarkdownOutput, .text_cell_render") ?? [])];
  const chinese = texts.filter(({ textContent }) => /[\u4e00-\u9fff]{2}/.test(textContent));
  return 2 * chinese.length > texts.length ? "zh-CN" : root.lang;
}

async function mount(root, draw) {
  const plain = root.querySelector(".mlc-widget-plain");
  const stage = document.createElement("div");
  stage.className = "mlc-widget-stage";
  // The plain text keeps its own language.
  stage.lang = languageOf(root);
  root.append(stage);
  try {
    await draw(stage, readData(root), stage.lang.startsWith("zh") ? "zh" : "en");
    plain.hidden = true;
    root.dataset.state = "drawn";
  } catch (error) {
    // The plain text stays; the reason is for whoever looks for it.
    stage.remove();
    root.dataset.state = "failed";
    console.error(`widget ${root.dataset.widget}:`, error);
  }
}

export default function start(script, draw) {
  const root = rootOf(script);
  if (!root) return;
  root.dataset.state = "waiting";
  // JupyterLab would take the keys: an arrow would fold a heading and not move a slider. It asks the element that has them.
  root.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
  // The output may not be on the page yet, and what is drawn depends on its width.
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    followTheme(root);
    mount(root, draw);
  }, { rootMargin: "600px" });
  observer.observe(root);
  // Colab gives an output a frame of a fixed height.
  const output = globalThis.google?.colab?.output;
  if (output?.resizeIframeToContent) new ResizeObserver(() => output.resizeIframeToContent()).observe(root);
}
