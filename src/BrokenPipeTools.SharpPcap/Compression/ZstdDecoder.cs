using System.Buffers;
using ZstdSharp;

namespace BrokenPipeTools.SharpPcap.Compression;

/// <summary>Decodes the parts of zstd frames. Given one part at a time, it returns the content of the part immediately.</summary>
internal sealed class ZstdDecoder : IDisposable
{
    /// <summary>The most bytes of a block, compressed or not (RFC 8878, section 3.1.1.2.4).</summary>
    public const int MaxBlockLength = 128 << 10;

    private readonly Decompressor _decoder = new();
    private readonly byte[] _decoded = GC.AllocateUninitializedArray<byte>(MaxBlockLength);
    private int _length;

    /// <summary>The bytes that were decoded from the last part.</summary>
    public ReadOnlySpan<byte> Decoded => _decoded.AsSpan(0, _length);

    /// <summary>Whether the last part was the last one of its frame.</summary>
    public bool IsFrameDone { get; private set; }

    /// <summary>Decodes one part: a frame's header, a block's header, a block, or a checksum. Returns false if it is damaged.</summary>
    public bool TryDecode(ReadOnlySpan<byte> part)
    {
        OperationStatus status = _decoder.UnwrapStream(part, _decoded, out int consumed, out _length);
        IsFrameDone = status == OperationStatus.Done;
        return IsFrameDone || (status == OperationStatus.NeedMoreData && consumed == part.Length);
    }

    public void Dispose() => _decoder.Dispose();
}
