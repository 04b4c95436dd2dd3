// What the reader has read and done: a small record, changed only by the functions here. No page, no storage of its own.
export const KEY = "mlc-progress";
export const EMPTY = Object.freeze({ read: {}, done: {} });

const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** The record in stored text; whatever is not one (nothing, damaged, of another program) counts as empty. */
export function parse(text) {
  try {
    const stored = JSON.parse(text);
    return { read: isRecord(stored?.read) ? stored.read : {}, done: isRecord(stored?.done) ? stored.done : {} };
  } catch {
    return EMPTY;
  }
}

/** The name under which one exercise is kept. */
export const exerciseKey = (topic, exercise) => `${topic}/${exercise}`;

/** A record with one entry set or taken out; `part` is "read" or "done". */
export function changed(record, part, name, value) {
  const entries = { ...record[part] };
  if (value) entries[name] = true;
  else delete entries[name];
  return { ...record, [part]: entries };
}

/** How many of a topic's exercises are done. */
export function doneIn(record, topic) {
  return topic.exercises.filter((name) => record.done[exerciseKey(topic.name, name)]).length;
}

/** Counts over all topics and the minutes that are left. Entries of topics or exercises that are gone do not count. */
export function summary(record, topics, minutesAnExercise) {
  const exercises = topics.reduce((sum, topic) => sum + topic.exercises.length, 0);
  const done = topics.reduce((sum, topic) => sum + doneIn(record, topic), 0);
  const unread = topics.filter((topic) => !record.read[topic.name]);
  return {
    topics: topics.length,
    read: topics.length - unread.length,
    exercises,
    done,
    readingLeft: unread.reduce((sum, topic) => sum + topic.minutes, 0),
    exercisesLeft: (exercises - done) * minutesAnExercise,
  };
}

/** "45 min", "1¼ h": as the pages write durations. */
export function duration(minutes, language) {
  if (minutes < 60) return language === "zh" ? `${minutes} 分钟` : `${minutes} min`;
  const quarters = Math.round(minutes / 15);
  const text = `${Math.floor(quarters / 4)}${["", "¼", "½", "¾"][quarters % 4]}`;
  return language === "zh" ? `${text} 小时` : `${text} h`;
}
