// Shows and changes the reader's progress: ticks beside the contents, a box at a chapter's end, a line on the front page.
import { el } from "../widgets/dom.js";
import { forgetPlace } from "./place.js";
import { EMPTY, KEY, changed, doneIn, duration, exerciseKey, parse, summary } from "./progress.js";

const TEXTS = {
  en: {
    mark: "Mark as read",
    read: "Read",
    exercises: (done, all) => `Exercises: ${done} of ${all} done`,
    progress: (s, left) => `${s.read} of ${s.topics} topics read, ${s.done} of ${s.exercises} exercises done; about ${left} left.`,
    finished: (s) => `All ${s.topics} topics read, all ${s.exercises} exercises done.`,
    forget: "Forget my progress",
    sure: "Forget everything? Press again.",
    kept: "Progress is kept in this browser only.",
    tick: "read",
    cell: (done) => `, ${done} done`,
  },
  zh: {
    mark: "标记为已读",
    read: "已读",
    exercises: (done, all) => `练习：${all} 道中完成了 ${done} 道`,
    progress: (s, left) => `已读 ${s.topics} 个主题中的 ${s.read} 个，完成 ${s.exercises} 道练习中的 ${s.done} 道；大约还需 ${left}。`,
    finished: (s) => `${s.topics} 个主题已全部读完，${s.exercises} 道练习已全部完成。`,
    forget: "清除我的进度",
    sure: "确定全部清除？请再按一次。",
    kept: "进度只保存在这个浏览器中。",
    tick: "已读",
    cell: (done) => `，已完成 ${done} 道`,
  },
};

function load() {
  try {
    return parse(localStorage.getItem(KEY));
  } catch {
    // Storage may be forbidden: then nothing is remembered.
    return EMPTY;
  }
}

function store(record) {
  try {
    if (record === EMPTY) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(record));
  } catch {
    // As above.
  }
}

/** Name of the page a link leads to, if it is one of this language's pages. */
const pageOf = (link) => /^([\w-]+)\.html$/.exec(link.getAttribute("href")?.split("#")[0] ?? "")?.[1];

function tickLinks(links, record, text, here) {
  for (const link of links) {
    const name = pageOf(link) ?? (link.getAttribute("href") === "#" ? here : null);
    const isRead = Boolean(name && record.read[name]);
    link.classList.toggle("mlc-read", isRead);
    link.querySelector(".mlc-tick")?.remove();
    if (isRead) link.append(el("span", { class: "mlc-tick" }, el("span", { class: "visually-hidden" }, ` (${text.tick})`)));
  }
}

function exerciseList(data, topic, record, text, change) {
  const items = topic.exercises.map((name, i) => {
    const key = exerciseKey(topic.name, name);
    const box = el("input", { type: "checkbox", checked: Boolean(record.done[key]), "data-key": key });
    box.addEventListener("change", () => change((now) => changed(now, "done", key, box.checked)));
    return el("li", {}, el("label", {}, box, ` ${data.titles[i]}`));
  });
  const list = el("details", { open: data.kind === "exercises" }, el("summary", {}), el("ul", {}, items));
  const update = (now) => {
    list.querySelector("summary").textContent = text.exercises(doneIn(now, topic), topic.exercises.length);
    for (const box of list.querySelectorAll("input")) box.checked = Boolean(now.done[box.dataset.key]);
  };
  return { list, update };
}

/** The box at the end of a chapter or of an exercise page; returns what renews it. */
function fillBox(box, data, record, text, change) {
  const topic = data.topics.find((each) => each.name === data.topic);
  const updates = [];
  if (data.kind === "chapter") {
    const button = el("button", { type: "button", class: "mlc-mark" });
    button.addEventListener("click", () => change((now) => changed(now, "read", topic.name, !now.read[topic.name])));
    updates.push((now) => {
      const isRead = Boolean(now.read[topic.name]);
      button.setAttribute("aria-pressed", String(isRead));
      button.textContent = isRead ? `✓ ${text.read}` : text.mark;
    });
    box.prepend(button);
  }
  if (topic.exercises.length) {
    const { list, update } = exerciseList(data, topic, record, text, change);
    updates.push(update);
    box.append(list);
  }
  box.append(el("p", { class: "mlc-kept" }, text.kept));
  return updates;
}

/** The line above the map: what is done and left, and a button that forgets it after being pressed twice. */
function fillLine(line, data, language, text, change) {
  const before = line.textContent;
  return (now) => {
    const sum = summary(now, data.topics, data.minutesAnExercise);
    if (!sum.read && !sum.done) {
      line.textContent = before;
      return;
    }
    const left = sum.readingLeft + sum.exercisesLeft;
    const forget = el("button", { type: "button" }, text.forget);
    forget.addEventListener("click", () => {
      if (forget.dataset.sure) {
        forgetPlace();
        change(() => EMPTY);
      } else {
        forget.dataset.sure = "yes";
        forget.textContent = text.sure;
      }
    });
    line.replaceChildren(left ? text.progress(sum, duration(left, language)) : text.finished(sum), " ", forget);
  };
}

function markMap(map, data, record, text) {
  for (const row of map.querySelectorAll("tbody tr")) {
    const link = row.querySelector("a");
    const topic = data.topics.find((each) => link && each.name === pageOf(link));
    const cell = row.lastElementChild;
    cell.querySelector(".mlc-done")?.remove();
    const done = topic ? doneIn(record, topic) : 0;
    if (done) (cell.querySelector("p") ?? cell).append(el("span", { class: "mlc-done" }, text.cell(done)));
  }
}

/** Show the progress on this page and let the reader change it. */
export function showProgress(data, language) {
  const text = TEXTS[language];
  const [box, line, map] = [".mlc-reading", ".mlc-progress", "table.mlc-map"].map((it) => document.querySelector(it));
  const updates = [];
  const renew = (record) => {
    tickLinks(document.querySelectorAll(".bd-docs-nav .bd-sidenav a, table.mlc-map a"), record, text, data.topic);
    if (map) markMap(map, data, record, text);
    updates.forEach((update) => update(record));
  };
  const change = (how) => {
    const record = how(load());
    store(record);
    renew(record);
  };
  const record = load();
  if (box) updates.push(...fillBox(box, data, record, text, change));
  if (line) updates.push(fillLine(line, data, language, text, change));
  renew(record);
  // Another tab may change it.
  addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) renew(load());
  });
}
