// Asks the search of a built site: node search_queries.mjs <site> < [[language, query], …]; answers with the addresses found.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Engine } from "../../chapters/_static/search/engine.js";

const engines = {};
function engine(site, language) {
  return (engines[language] ??= new Engine(JSON.parse(readFileSync(join(site, language, "search.json"), "utf-8"))));
}

const asked = JSON.parse(readFileSync(0, "utf-8"));
const found = asked.map(([language, query]) => engine(process.argv[2], language).search(query).map(({ section }) => `${section.page}#${section.anchor}`));
process.stdout.write(JSON.stringify(found));
