namespace BrokenPipeTools.Capture;

/// <summary>A stream over a window: first the bytes that are already in the window, then the rest. It disposes of the window.</summary>
internal sealed class WindowStream(ByteWindow window) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || !window.Ensure(1))
            return 0;
        int count = Math.Min(buffer.Length, window.Bytes.Length);
        window.Bytes[..count].CopyTo(buffer);
        window.Advance(count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        window.Dispose();
        base.Dispose(disposing);
    }
}
