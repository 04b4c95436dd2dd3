// The words of the lab that writes, in both languages; no other lab has to carry them.
import { filled } from "./words.js";

export const WRITER_WORDS = {
  story: { en: "The story", zh: "故事" },
  storyNumber: { en: "Story {number}", zh: "故事 {number}" },
  taskAnswer: { en: "Answer a question", zh: "回答问题" },
  taskTranslate: { en: "Translate", zh: "翻译" },
  taskGoOn: { en: "Go on writing", zh: "续写" },
  task: { en: "What to do", zh: "任务" },
  question: { en: "The question", zh: "问题" },
  temperature: { en: "Temperature", zh: "温度" },
  write: { en: "Write on my GPU", zh: "在我的 GPU 上写" },
  writes: { en: "It writes:", zh: "它写道：" },
  fetching: { en: "Fetching the model, {size}…", zh: "正在获取模型，{size}……" },
  checkingModel: { en: "Writing a text whose words and logits are known, to compare…", zh: "先写一段词和 logits 都已知的文本，用来核对……" },
  exact: { en: "Every word is right.", zh: "每个词都正确。" },
  otherThanExpected: { en: "Right would be: {text}", zh: "正确的是：{text}" },
  stoppedByReader: { en: "Stopped.", zh: "已停止。" },
  textIsFull: { en: "The model takes no longer text.", zh: "文本已达到模型的最大长度。" },
  wroteAt: {
    en: "{device} read {given} words and wrote {count}, {rate} a second; each moved {bytes} of weights and cache. The known text was written right first.",
    zh: "{device} 读了 {given} 个词，写了 {count} 个，每秒 {rate} 个；每个词搬运 {bytes} 的权重与缓存。在此之前，已知的文本写得正确。",
  },
  wrongModel: { en: "On this device the known text comes out with other words or other logits, so nothing is written with it.", zh: "在这个设备上，已知文本的词或 logits 不对，所以不用它来写。" },
  noWords: { en: "Write at least one word of a story, and of a question where one is to be answered.", zh: "请至少写一个词的故事；要回答问题时，问题也至少要有一个词。" },
  likeliest: { en: "The likeliest words after the last one", zh: "最后一个词之后最可能的词" },
  oneWord: { en: "The kernels that one word launches, in order; press one to see its program:", zh: "写一个词依次启动的内核；点击一个查看它的程序：" },
  recordedText: { en: "Recorded for this page on {device}:", zh: "本页的记录，在 {device} 上写成：" },
};

/** A word in the reader's language, its {fields} filled. */
export const said = (name, lang, fields = {}) => filled(WRITER_WORDS[name][lang], fields);
