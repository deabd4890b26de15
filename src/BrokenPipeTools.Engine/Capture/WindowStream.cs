namespace BrokenPipeTools.Capture;

/// <summary>Reads a window as a stream: first the bytes that are already in it, then the rest. Disposes of the window.</summary>
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
