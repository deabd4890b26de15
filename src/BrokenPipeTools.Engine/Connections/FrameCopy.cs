using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Connections;

/// <summary>The first bytes of a frame, in a buffer that is reused for the next frame.</summary>
internal sealed class FrameCopy
{
    /// <summary>The most bytes kept of a frame: all headers, and the beginning of the payload.</summary>
    public const int MaxLength = 256;

    private readonly byte[] _bytes = new byte[MaxLength];
    private int _length;
    private int _linkType;
    private int _originalLength;

    /// <summary>The frame's number; 0 before the first frame.</summary>
    public long Number { get; private set; }

    /// <summary>Copies a frame.</summary>
    public void Take(in Frame frame)
    {
        Number = frame.Number;
        _linkType = frame.LinkType;
        _originalLength = frame.OriginalLength;
        Copy(frame.Data);
    }

    /// <summary>Copies the frame that another buffer holds.</summary>
    public void Take(FrameCopy other)
    {
        Number = other.Number;
        _linkType = other._linkType;
        _originalLength = other._originalLength;
        Copy(other._bytes.AsSpan(0, other._length));
    }

    /// <summary>Returns a copy that is not overwritten.</summary>
    public LoggedFrame ToLogged() => new(_bytes[.._length], _linkType, _originalLength);

    private void Copy(ReadOnlySpan<byte> data)
    {
        _length = Math.Min(data.Length, MaxLength);
        data[.._length].CopyTo(_bytes);
    }
}
