using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>A frame of a capture.</summary>
internal sealed record CapturedFrame(byte[] Data, int LinkType, int OriginalLength, string Label)
{
    /// <summary>Headers nearly always fit into this many bytes.</summary>
    private const int Headers = 100;

    /// <summary>Cuts the frame, on the wire or by a snapshot length, or changes some bytes of its headers.</summary>
    public CapturedFrame Damage(Random random)
    {
        if (Data.Length == 0)
            return this;
        if (random.Next(3) == 0)
        {
            int length = random.Next(Data.Length);
            return this with { Data = Data[..length], OriginalLength = random.Next(2) == 0 ? length : OriginalLength };
        }

        byte[] damaged = [.. Data];
        for (int n = random.Next(1, 4); n > 0; n--)
            damaged[random.Next(Math.Min(Headers, damaged.Length))] = (byte)random.Next(256);
        return this with { Data = damaged };
    }

    /// <summary>The captures of the repository.</summary>
    public static IEnumerable<string> Captures() =>
        Directory.GetFiles(RepositoryFiles.Captures, "*cap*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>The frames of a capture up to its end or its damage; none if it is not a capture.</summary>
    public static List<CapturedFrame> Read(string path)
    {
        List<CapturedFrame> frames = [];
        try
        {
            using ICaptureSource source = CaptureFile.Open(path);
            while (source.TryRead(out Frame frame))
                frames.Add(new CapturedFrame(frame.Data.ToArray(), frame.LinkType, frame.OriginalLength, $"{Path.GetFileName(path)} frame {frame.Number}"));
        }
        catch (CaptureFormatException)
        {
            // Damaged captures are included on purpose: the frames before the damage are used.
        }

        return frames;
    }
}
