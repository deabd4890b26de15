using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Prefetches memory that will be needed soon, without waiting for it. With thousands of open connections, hardly any is in the processor's cache.
/// Does nothing on a processor without such an instruction. The addresses are only hints for the processor: if the garbage collector moves an object
/// meanwhile, the prefetch has no effect.
/// </summary>
internal static unsafe class Prefetch
{
    private const int LineLength = 64;

    /// <summary>The bytes of a connection's fields; a segment needs nearly all of them.</summary>
    internal const int ConnectionLength = 456;

    /// <summary>Prefetches the cache line of a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(ref byte at)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref at));
    }

    /// <summary>Prefetches the fields of a connection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fields(Connection connection)
    {
        if (!Sse.IsSupported)
            return;
        byte* first = (byte*)Unsafe.AsPointer(ref Unsafe.As<AnyObject>(connection).First);
        for (int at = 0; at < ConnectionLength; at += LineLength)
            Sse.Prefetch0(first + at);
    }

    /// <summary>Gives access to the first byte of an object.</summary>
    private sealed class AnyObject
    {
        public byte First;
    }
}
