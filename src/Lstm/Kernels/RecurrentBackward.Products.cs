using System.Numerics;

namespace Lstm.Kernels;

/// <content>The products over many columns.</content>
internal sealed unsafe partial class RecurrentBackward<T, TPass, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>result = start + Mᵀ δz, or result += Mᵀ δz if the start is null.</summary>
    private void Transposed(
        PackedMatrix<T, TVec, TSimd> weights, T* dz, int count, T* start, T* result, int resultStride, bool downwards)
    {
        int groups = weights.Rows.Groups;
        for (int n = 0; n < groups; n++)
        {
            int group = downwards ? groups - 1 - n : n;
            Product<T, TVec, TSimd>.Padded(
                weights, 0, weights.Depth, group, group + 1, dz, memory.ZStride, count, start, result, resultStride);
        }
    }

    /// <summary>∂x = Wᵀ δz for this thread's share of all columns.</summary>
    private void InputGradient(int thread)
    {
        int end = First(memory.Plan.Columns, thread + 1);
        T* sums = _inputs + (2L * thread * Chunk * _inputStride);
        T* masked = sums + ((long)Chunk * _inputStride);
        for (int first = First(memory.Plan.Columns, thread); first < end; first += Chunk)
        {
            int count = Math.Min(Chunk, end - first);
            bool begun = false;
            for (int n = 0; n < cell.Parts.Length; n++)
            {
                RecurrentPart part = cell.Parts[n];
                if (part.InputGate < 0)
                {
                    continue;
                }

                T* dz = _z + ((long)first * memory.ZStride) + (part.FirstBlock * memory.Gates.Stride);
                if (operands.InputMask == null)
                {
                    Transposed(_inputWeights[n], dz, count, begun ? null : _zeros, sums, _inputStride, false);
                }
                else
                {
                    Transposed(_inputWeights[n], dz, count, _zeros, masked, _inputStride, false);
                    AddMasked(masked, sums, n, first, count, begun);
                }

                begun = true;
            }

            for (int c = 0; c < count; c++)
            {
                T* to = _gradients.Input + ((long)memory.Plan.Place(first + c) * _pass.Inputs);
                RecurrentMemory<T>.Copy(sums + ((long)c * _inputStride), _pass.Inputs, to, _pass.Inputs);
            }
        }
    }

    private void AddMasked(T* masked, T* sums, int part, int first, int count, bool begun)
    {
        StepPlan plan = memory.Plan;
        int step = 0;
        for (int c = 0; c < count; c++, masked += _inputStride, sums += _inputStride)
        {
            while (plan.Start(step + 1) <= first + c)
            {
                step++;
            }

            T* mask = operands.InputMaskOf(part, first + c - plan.Start(step));
            for (int n = 0; n < _pass.Inputs; n++)
            {
                sums[n] = (begun ? sums[n] : T.Zero) + (masked[n] * mask[n]);
            }
        }
    }

    /// <summary>∂W += Σ δzₜ xₜᵀ, ∂U += Σ δzₜ hₜ₋₁ᵀ, ∂b += Σ δzₜ.</summary>
    private void WeightGradients(int thread)
    {
        int rows = cell.Gates * _pass.Units;
        for (int n = 0; n < cell.Parts.Length; n++)
        {
            RecurrentPart part = cell.Parts[n];
            T* hidden = operands.Hidden(n, memory.Hidden, 0);
            _outer.Run(this, thread, memory.Plan.Columns, new OuterOperands<T>
            {
                Rows = new GateOrder(part.Blocks, _pass.Units, TSimd.Count),
                Left = _z + (part.FirstBlock * memory.Gates.Stride),
                LeftColumn = memory.ZStride,
                LeftGate = memory.Gates.Stride,
                GradientColumn = rows,
                First = new Columns<T>(null, 0, operands.Input(n, 0, 0), part.InputGate < 0 ? 0 : _pass.Inputs),
                FirstGradient = _gradients.InputWeights + ((long)part.InputGate * _pass.Units),
                Second = new Columns<T>(null, 0, hidden, part.RecurrentGate < 0 ? 0 : _pass.Outputs, memory.HiddenStride),
                SecondGradient = _gradients.RecurrentWeights + ((long)part.RecurrentGate * _pass.Units),
                BiasGradient = cell.BiasGradient == null || part.BiasGate < 0
                    ? _noBias
                    : cell.BiasGradient + ((long)part.BiasGate * _pass.Units),
            });
        }
    }
}
