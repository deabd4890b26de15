using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>The frames of an undamaged capture, and how many bytes of it each one needs.</summary>
internal sealed class SeedFrames
{
    private readonly List<(string Frame, int End)> _frames = [];

    public SeedFrames(byte[] capture)
    {
        IReadOnlyList<string> all = Read(capture, capture.Length);
        for (int count = 1; count <= all.Count; count++)
            _frames.Add((all[count - 1], ShortestWith(capture, count)));
    }

    /// <summary>Returns the frames that are complete in the first <paramref name="length"/> bytes.</summary>
    public IEnumerable<string> UpTo(int length) => _frames.TakeWhile(frame => frame.End <= length).Select(frame => frame.Frame);

    /// <summary>Returns the length of the shortest beginning of the capture that contains this many frames.</summary>
    private static int ShortestWith(byte[] capture, int count)
    {
        (int low, int high) = (0, capture.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Read(capture, middle).Count >= count)
                high = middle;
            else
                low = middle + 1;
        }

        return high;
    }

    private static IReadOnlyList<string> Read(byte[] capture, int length)
    {
        RecordedFrames? frames = null;
        try
        {
            using (frames = new RecordedFrames(CaptureFile.Open(new MemoryStream(capture, 0, length), "beginning")))
            {
                while (frames.TryRead(out _))
                {
                }
            }
        }
        catch (CaptureFormatException)
        {
            // The capture was cut.
        }

        return frames?.Frames ?? [];
    }
}
