// Runs ONNX models in ONNX Runtime and compares what comes out with what this library computed, for the command "onnx" of
// Lstm.Benchmarks, which writes both.
//
// Needs Node.js and onnxruntime-node ("npm install --ignore-scripts" in this folder). By hand:
//
//     node onnxruntime_check.mjs FOLDER
//
// For each NAME.onnx the folder has a NAME.json: a list of runs, each with inputs and outputs, tensors by name as
// { shape, isInteger, values }. Prints "NAME RUNS LARGEST_DIFFERENCE", writes ONNX Runtime's outputs into the JSON in place of
// this library's, and ends with 1 if a difference is above 1e-5.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';

const TOLERANCE = 1e-5;

function feed(name, { shape, isInteger, values }) {
    return name === 'lengths'
        ? new ort.Tensor('int32', Int32Array.from(values), shape)
        : isInteger
        ? new ort.Tensor('int64', BigInt64Array.from(values, BigInt), shape)
        : new ort.Tensor('float32', Float32Array.from(values), shape);
}

// The shortest digits that give the same float again.
function shortest(value) {
    for (let digits = 1; ; digits++) {
        const text = value.toPrecision(digits);
        if (Math.fround(Number(text)) === value) {
            return Number(text);
        }
    }
}

function difference(name, expected, actual) {
    if (`${expected.shape}` !== `${actual.dims}`) {
        throw new Error(`${name} is of ${actual.dims}, not ${expected.shape}`);
    }

    return Math.max(...expected.values.map((value, n) => Math.abs(value - actual.data[n])));
}

function text(tensors) {
    return Object.entries(tensors).map(([name, tensor]) => `  "${name}": ${JSON.stringify(tensor)}`).join(',\n');
}

const folder = process.argv[2];
console.log(`# onnxruntime-node ${ort.env.versions.node}`);
let worst = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.onnx')).sort()) {
    const name = file.slice(0, -'.onnx'.length);
    const runs = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    const session = await ort.InferenceSession.create(join(folder, file));
    let largest = 0;
    for (const run of runs) {
        const inputs = Object.fromEntries(Object.entries(run.inputs).map(([key, tensor]) => [key, feed(key, tensor)]));
        const outputs = await session.run(inputs);
        for (const [key, tensor] of Object.entries(run.outputs)) {
            largest = Math.max(largest, difference(`${name}: ${key}`, tensor, outputs[key]));
            tensor.values = Array.from(outputs[key].data, shortest);
        }
    }

    await session.release();
    worst = Math.max(worst, Number.isNaN(largest) ? Infinity : largest);
    console.log(`${name} ${runs.length} ${largest.toExponential(1)}`);
    const lines = runs.map((run) => `{\n"inputs": {\n${text(run.inputs)}\n},\n"outputs": {\n${text(run.outputs)}\n}\n}`);
    writeFileSync(join(folder, `${name}.json`), `[\n${lines.join(',\n')}\n]\n`);
}

process.exitCode = worst <= TOLERANCE ? 0 : 1;
