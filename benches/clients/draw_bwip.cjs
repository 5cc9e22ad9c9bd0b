// How long bwip-js (npm) takes for the payloads on standard input, one a line: microseconds to encode and draw each.

const { readFileSync } = require("node:fs");
const bwip = require("bwip-js");

for (const text of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    const times = Array.from({ length: 60 }, () => {
        const start = performance.now();
        bwip.toSVG({ bcid: "pdf417", text, columns: text.length < 100 ? 2 : 8, eclevel: 4, rowmult: 3 });
        return performance.now() - start;
    });
    // The first ones warm the engine up.
    const median = times.slice(30).sort((a, b) => a - b)[15];
    console.log(`${text.length}\t${(median * 1000).toFixed(1)}\tbwip-js`);
}
