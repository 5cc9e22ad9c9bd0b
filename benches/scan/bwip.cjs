// node bwip.cjs COLUMNS LEVEL ROWS: payloads, one a line on stdin → PDF417 as the official app's library draws it, a JSON
// array of rows of modules (0, 1) each. The app has 2 columns and level 2; 0 rows are as many as it takes.
const { readFileSync } = require("node:fs");
const bwip = require("bwip-js");

const [columns, eclevel, rows] = process.argv.slice(2).map(Number);
for (const text of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const [{ pixs, pixx }] = bwip.raw({ bcid: "pdf417", text, columns, eclevel, rowmult: 3, ...(rows && { rows }) });
  // One line of pixels a codeword row, whatever height it is to be drawn in.
  console.log(JSON.stringify(Array.from({ length: pixs.length / pixx }, (_, y) => pixs.slice(y * pixx, (y + 1) * pixx))));
}
