// The same cuts as ChineseSearch.split in search_zh.py; a single Han character is looked up as it is.
function splitQuery(query) {
  const terms = [];
  for (const run of query.match(/[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[A-Za-z0-9_]+/g) || []) {
    if (/[A-Za-z0-9_]/.test(run[0]) || run.length === 1) {
      terms.push(run);
      continue;
    }
    for (let i = 0; i + 1 < run.length; i++) terms.push(run.slice(i, i + 2));
  }
  return terms;
}
