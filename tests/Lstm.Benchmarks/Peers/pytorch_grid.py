"""Measures PyTorch's nn.LSTM in float32, for the command "peers" of Lstm.Benchmarks.

Needs PyTorch on the CPU (Debian's python3-torch, with libopenblas0-openmp). By hand:

    echo "pass 64 1 64 64 1.0 5" | python3 pytorch_grid.py --threads 1

It says "ready VERSION", then answers each line "pass|step T B I H SECONDS RUNS" by "INFERENCE_MS TRAINING_MS": the best
of at least RUNS runs and SECONDS seconds, after a warm-up. A pass is all steps of the batch; a training step clears the
gradients and runs forward and back to those of W, U, b, x, h0 and c0. A step is one step of the batch, the state kept
from step to step, by the faster of nn.LSTM and nn.LSTMCell; it has no training, "-".
"""

import argparse
import sys
from time import perf_counter

import torch

WARM_UP_SECONDS, WARM_UP_RUNS = 0.3, 1
STREAM_STEPS = 64  # of one run, so that reading the clock does not count


def repeat(run, seconds, least_runs):
    best, runs, start = float("inf"), 0, perf_counter()
    while runs < least_runs or perf_counter() - start < seconds:
        before = perf_counter()
        run()
        best = min(best, perf_counter() - before)
        runs += 1
    return best


def best_milliseconds(run, seconds, runs):
    repeat(run, WARM_UP_SECONDS, WARM_UP_RUNS)
    return repeat(run, seconds, runs) * 1e3


def measure_pass(steps, batch, inputs, units, seconds, runs):
    lstm = torch.nn.LSTM(inputs, units)
    x = torch.rand(steps, batch, inputs) * 2 - 1
    h0, c0 = torch.zeros(1, batch, units), torch.zeros(1, batch, units)
    output_gradient = torch.rand(steps, batch, units) * 2 - 1

    def infer():
        lstm(x, (h0, c0))

    def train():
        # None instead of zeros is PyTorch's fastest way to clear.
        lstm.zero_grad(set_to_none=True)
        for leaf in (x, h0, c0):
            leaf.grad = None
        lstm(x, (h0, c0))[0].backward(output_gradient)

    with torch.inference_mode():
        inference = best_milliseconds(infer, seconds, runs)
    for leaf in (x, h0, c0):
        leaf.requires_grad_()
    return inference, best_milliseconds(train, seconds, runs)


def measure_step(batch, inputs, units, seconds, runs):
    lstm, cell = torch.nn.LSTM(inputs, units), torch.nn.LSTMCell(inputs, units)
    x = torch.rand(batch, inputs) * 2 - 1

    def layer_steps():
        sequence = x.unsqueeze(0)
        state = torch.zeros(1, batch, units), torch.zeros(1, batch, units)
        for _ in range(STREAM_STEPS):
            state = lstm(sequence, state)[1]

    def cell_steps():
        state = torch.zeros(batch, units), torch.zeros(batch, units)
        for _ in range(STREAM_STEPS):
            state = cell(x, state)

    with torch.inference_mode():
        return min(best_milliseconds(run, seconds, runs) for run in (layer_steps, cell_steps)) / STREAM_STEPS


def blas():
    """The BLAS that is loaded, where the system tells: with Debian's reference BLAS PyTorch is some twenty times slower."""
    try:
        with open("/proc/self/maps") as maps:
            mapped = maps.read()
    except OSError:
        return ""
    if "/libblas.so" not in mapped or "openblas" in mapped or "blis" in mapped:
        return ""
    return " with the reference BLAS, many times slower than with: apt-get install libopenblas0-openmp"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    torch.set_num_threads(parser.parse_args().threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    print("ready", torch.__version__ + blas(), flush=True)
    for line in sys.stdin:
        what, *sizes, seconds, runs = line.split()
        steps, batch, inputs, units = map(int, sizes)
        if what == "pass":
            answer = measure_pass(steps, batch, inputs, units, float(seconds), int(runs))
        else:
            answer = measure_step(batch, inputs, units, float(seconds), int(runs)), "-"
        print(*answer, flush=True)


main()
