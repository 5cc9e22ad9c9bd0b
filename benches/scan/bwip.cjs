// Payloads, one a line on stdin → symbols as the official app draws them, a JSON array of rows of modules (0, 1) each.
const { readFileSync } = require("node:fs");
const bwip = require("bwip-js");

for (const text of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const [{ pixs, pixx, pixy }] = bwip.raw({ bcid: "pdf417", text, columns: 2, eclevel: 2, rowmult: 3 });
  // The pixels are one line a codeword row; the height says that each is to be drawn three times.
  const times = (pixy * pixx) / pixs.length;
  const rows = Array.from({ length: pixy }, (_, y) => Math.floor(y / times) * pixx).map((at) => pixs.slice(at, at + pixx));
  console.log(JSON.stringify(rows));
}
