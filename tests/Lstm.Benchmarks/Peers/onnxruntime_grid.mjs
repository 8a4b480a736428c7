// Measures ONNX Runtime's LSTM operator in float32, for the command "peers" of Lstm.Benchmarks.
//
// Needs Node.js, onnxruntime-node ("npm install --ignore-scripts" in this folder) and, to write the models, Debian's
// python3-onnx. By hand:
//
//     echo "pass 64 1 64 64 1.0 5" | node onnxruntime_grid.mjs --threads 1
//
// The lines that it reads and writes are those of pytorch_grid.py; there is no training. A part of every call is spent on
// the way from JavaScript to the operator: the first line also says what a call takes that has next to nothing to do.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ort from 'onnxruntime-node';

const WARM_UP_SECONDS = 0.3;
const WARM_UP_RUNS = 1;
const STREAM_STEPS = 64; // of one run, so that reading the clock does not count

const { values: options } = parseArgs({ options: { threads: { type: 'string', default: '1' } } });
const folder = mkdtempSync(join(tmpdir(), 'lstm-onnx-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

function writeModel(inputs, units) {
    const script = join(dirname(fileURLToPath(import.meta.url)), 'write_onnx.py');
    const path = join(folder, `${inputs}_${units}.onnx`);
    let problem;
    for (const program of ['python3', '/usr/bin/python3', 'python']) {
        try {
            execFileSync(program, [script, inputs, units, path], { stdio: 'pipe' });
            return path;
        } catch (error) {
            problem = error;
        }
    }

    throw problem;
}

async function repeat(run, seconds, leastRuns) {
    let best = Infinity;
    const start = performance.now();
    for (let runs = 0; runs < leastRuns || performance.now() - start < seconds * 1e3; runs++) {
        const before = performance.now();
        await run();
        best = Math.min(best, performance.now() - before);
    }

    return best;
}

async function bestMilliseconds(run, seconds, runs) {
    await repeat(run, WARM_UP_SECONDS, WARM_UP_RUNS);
    return repeat(run, seconds, runs);
}

function random(...sizes) {
    const count = sizes.reduce((product, size) => product * size);
    return new ort.Tensor('float32', Float32Array.from({ length: count }, () => 2 * Math.random() - 1), sizes);
}

async function measure(what, [steps, batch, inputs, units], seconds, runs) {
    const session = await ort.InferenceSession.create(writeModel(inputs, units), {
        intraOpNumThreads: Number(options.threads),
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
    });
    const x = random(steps, batch, inputs);
    let h0 = random(1, batch, units);
    let c0 = random(1, batch, units);

    // Memory that is given for the outputs is not allocated at each call.
    const fetches = { Y: random(steps, 1, batch, units), h: random(1, batch, units), c: random(1, batch, units) };
    const pass = () => session.run({ X: x, h0, c0 }, fetches);
    const stream = async () => {
        for (let n = 0; n < STREAM_STEPS; n++) {
            await pass();
            [h0, c0, fetches.h, fetches.c] = [fetches.h, fetches.c, h0, c0];
        }
    };
    const milliseconds = what === 'pass'
        ? await bestMilliseconds(pass, seconds, runs)
        : await bestMilliseconds(stream, seconds, runs) / STREAM_STEPS;
    await session.release();
    return milliseconds;
}

// It also fails here if it is going to.
const overhead = await measure('pass', [1, 1, 1, 1], 0.1, 1);
console.log(`ready ${ort.env.versions.node}, of whose every call some ${(overhead * 1e3).toFixed(0)} µs are overhead`);
for await (const line of createInterface({ input: process.stdin })) {
    const [what, ...numbers] = line.split(' ');
    const [steps, batch, inputs, units, seconds, runs] = numbers.map(Number);
    console.log(`${await measure(what, [steps, batch, inputs, units], seconds, runs)} -`);
}
