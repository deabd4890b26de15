using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Capture;

/// <summary>The input of a file reader: the window on the file's bytes, the name for messages, and the position in the file.</summary>
internal sealed class CaptureInput(Stream file, ByteWindow window, string name) : IDisposable
{
    public ByteWindow Window { get; } = window;

    public string Name { get; } = name;

    public long Position => file.CanSeek ? file.Position : Window.Offset;

    public long? Length => file.CanSeek ? file.Length : null;

    /// <summary>Calls <see cref="ByteWindow.Ensure"/>, and reports damage in compressed data as a <see cref="CaptureFormatException"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Ensure(int count) => Window.Available >= count || Fill(count);

    private bool Fill(int count)
    {
        try
        {
            return Window.Ensure(count);
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw Damaged(damage);
        }
    }

    /// <summary>Makes up to count bytes available. If an error prevents that, it is ignored here; the reader meets it again later.</summary>
    public void Peek(int count)
    {
        try
        {
            Window.Ensure(count);
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            // Bytes that were only peeked at do not count as read.
        }
    }

    public bool Skip(long count)
    {
        try
        {
            return Window.Skip(count);
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw Damaged(damage);
        }
    }

    public CaptureFormatException Fault(CaptureFault fault, string reason) => new(Name, fault, Window.Offset, reason, Window.IsDecompressed);

    public CaptureFormatException Truncated(string what) =>
        Fault(CaptureFault.Truncated, $"the file ends in the middle of {what}");

    public void Dispose()
    {
        Window.Dispose();
        file.Dispose();
    }

    /// <summary>Returns whether this exception means that compressed data are damaged, cut, or of an unsupported kind.</summary>
    private static bool IsDamage(Exception e) => e is InvalidDataException or EndOfStreamException or NotSupportedException;

    private CaptureFormatException Damaged(Exception damage) => Fault(
        damage switch
        {
            EndOfStreamException => CaptureFault.Truncated,
            NotSupportedException => CaptureFault.NotACapture,
            _ => CaptureFault.Malformed,
        },
        damage.Message);
}
