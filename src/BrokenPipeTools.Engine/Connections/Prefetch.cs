using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Prefetches memory that will be needed soon, without waiting for it: of thousands of open connections hardly one
/// is in the processor's cache. Does nothing on a processor without such an instruction. The addresses are read, never written, and only by
/// the processor: if an object is moved meanwhile, the prefetch is only useless.
/// </summary>
internal static unsafe class Prefetch
{
    private const int LineLength = 64;

    /// <summary>The bytes of a connection's fields; a segment needs nearly all.</summary>
    internal const int ConnectionLength = 456;

    /// <summary>The cache line of a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(ref byte at)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref at));
    }

    /// <summary>The fields of a connection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fields(Connection connection)
    {
        if (!Sse.IsSupported)
            return;
        byte* first = (byte*)Unsafe.AsPointer(ref Unsafe.As<AnyObject>(connection).First);
        for (int at = 0; at < ConnectionLength; at += LineLength)
            Sse.Prefetch0(first + at);
    }

    /// <summary>An object seen as its first byte.</summary>
    private sealed class AnyObject
    {
        public byte First;
    }
}
