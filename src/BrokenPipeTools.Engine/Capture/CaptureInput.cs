using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Capture;

/// <summary>The base of every file reader: the window on the bytes, the name for messages, the place in the file.</summary>
internal sealed class CaptureInput(Stream file, ByteWindow window, string name) : IDisposable
{
    public ByteWindow Window { get; } = window;

    public string Name { get; } = name;

    public long Position => file.CanSeek ? file.Position : Window.Offset;

    public long? Length => file.CanSeek ? file.Length : null;

    /// <summary><see cref="ByteWindow.Ensure"/>, with damage inside a compressed file reported like any other damage.</summary>
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

    /// <summary>Makes bytes available as far as possible; the reader finds the error in the rest.</summary>
    public void Peek(int count)
    {
        try
        {
            Window.Ensure(count);
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            // Bytes that were only looked at do not count as read.
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

    /// <summary>Returns whether reading compressed data raises this: they are damaged, cut, or of a kind that is not read.</summary>
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
