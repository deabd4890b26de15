using System.Numerics;
using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Has one bit for the hash of each flow of a set. It shows whether a flow may be in the set without access to the table of flows, which is too large
/// for the first-level cache.
/// </summary>
internal sealed class FlowSketch
{
    /// <summary>Bits per flow of the set: with this number, <see cref="MayHave"/> is true for one of sixteen flows that are not in the set.</summary>
    private const int BitsPerFlow = 16;

    /// <summary>128 KiB: fits into the second-level cache of any processor beside the frames.</summary>
    private const uint MaxBits = 1 << 20;

    private const int BitsPerWord = 64;

    private readonly HashSecret _secret = HashSecret.Create();
    private readonly ulong[] _words;
    private readonly uint _mask;

    public FlowSketch(IReadOnlyCollection<FlowKey> flows)
    {
        uint bits = (uint)Math.Clamp((long)BitOperations.RoundUpToPowerOf2((uint)flows.Count) * BitsPerFlow, BitsPerWord, MaxBits);
        _mask = bits - 1;
        _words = new ulong[bits / BitsPerWord];
        foreach (FlowKey flow in flows)
        {
            uint bit = flow.Hash(_secret) & _mask;
            _words[bit / BitsPerWord] |= 1UL << (int)(bit % BitsPerWord);
        }
    }

    /// <summary>Returns whether a flow may be in the set; false if it certainly is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayHave(in FlowKey flow)
    {
        uint bit = flow.Hash(_secret) & _mask;
        return (_words[bit / BitsPerWord] & (1UL << (int)(bit % BitsPerWord))) != 0;
    }
}
