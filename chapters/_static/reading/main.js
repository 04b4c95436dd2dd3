// The reading aids of a page: explained terms, remembered progress and place, keys, printing.
import { language } from "../widgets/dom.js";
import { closeDrawersAfterChoice, unfoldContents } from "./drawers.js";
import { listenToKeys } from "./keys.js";
import { showProgress } from "./marks.js";
import { preparePaper } from "./paper.js";
import { offerPlace, rememberPlace } from "./place.js";
import { explainTerms } from "./terms.js";

const data = document.getElementById("mlc-reading-data");
const reading = data && JSON.parse(data.textContent);
if (reading) showProgress(reading, language());
const start = document.getElementById("index-start");
if (start) offerPlace(start, language());
if (reading && reading.kind !== "other") rememberPlace(language());
listenToKeys(language());
explainTerms();
preparePaper();
closeDrawersAfterChoice();
unfoldContents();
