#!/bin/sh
# tinybench's throughput is not one over its latency: it is the mean of all samples' rates, in which a quick call weighs as
# much as one that took nine times as long. Of calls that take 1 ms and 9 ms in turn it prints an average of 5 ms, and of
# 556 calls a second; 200 were made. One would guess that both tell the same. Who ranks by ops/s gets another order than by
# latency, and calls that only waver more seem to have become faster. Seen with tinybench 6.2.5.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts tinybench@6.2.5 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >rates.mjs <<'JS'
import { Bench } from "tinybench";
import { readFileSync } from "node:fs";
console.log("tinybench", JSON.parse(readFileSync("node_modules/tinybench/package.json")).version);
let clock = 0;
let calls = 0;
const bench = new Bench({ now: () => clock, time: 0, iterations: 100, warmup: false });
bench.add("wavering", () => { clock += calls++ % 2 ? 9 : 1; });
bench.add("steady", () => { clock += 4; });
await bench.run();
const [wavering, steady] = bench.tasks.map((task) => task.result);
for (const [name, result] of [["wavering", wavering], ["steady", steady]])
  console.log(name, "latency", result.latency.mean, "ms, throughput", Math.round(result.throughput.mean), "a second; 1000 / latency", 1000 / result.latency.mean);
const faster = steady.latency.mean < wavering.latency.mean;
console.log("steady is faster by latency:", faster, ", by throughput:", steady.throughput.mean > wavering.throughput.mean);
process.exit(faster && wavering.latency.mean === 5 && Math.round(wavering.throughput.mean) === 556 && steady.throughput.mean === 250 ? 0 : 1);
JS
node rates.mjs
