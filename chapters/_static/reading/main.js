// The reading aids of a page: explained terms, remembered progress, printing.
import { language } from "../widgets/dom.js";
import { closeDrawersAfterChoice } from "./drawers.js";
import { showProgress } from "./marks.js";
import { preparePaper } from "./paper.js";
import { explainTerms } from "./terms.js";

const data = document.getElementById("mlc-reading-data");
if (data) showProgress(JSON.parse(data.textContent), language());
explainTerms();
preparePaper();
closeDrawersAfterChoice();
