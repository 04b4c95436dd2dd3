// What a network reads in many drawings, and what rows of scores say; constants come in as JSON, the findings go out as JSON.
import { imageOf, networkInJavaScript, verdictOf } from "../../chapters/_static/widgets/webgpu/digits.js";
import { NO_DIGITS, randomly, STYLES } from "./handwriting.mjs";

const COUNT = 8;
let input = "";
for await (const part of process.stdin) input += part;
const { constants, strokes, scores } = JSON.parse(input);
const read = (drawing) => verdictOf(networkInJavaScript(imageOf(drawing), constants));
const found = [];
for (const [style, draw] of Object.entries(STYLES))
  for (let digit = 0; digit < 10; digit += 1)
    for (let seed = 0; seed < COUNT; seed += 1) found.push([style, digit, read(draw(digit, randomly(1000 * digit + seed)))]);
for (const [name, draw] of Object.entries(NO_DIGITS))
  for (let seed = 0; seed < 4 * COUNT; seed += 1) found.push([name, null, read(draw(randomly(seed)))]);
const pictures = strokes.map((drawing) => [...imageOf(drawing)]);
console.log(JSON.stringify({ found, pictures, read: strokes.map(read), verdicts: scores.map(verdictOf) }));
