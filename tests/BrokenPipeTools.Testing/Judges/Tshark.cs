using System.Globalization;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>Runs if tshark is on the PATH; otherwise the test is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TsharkTheoryAttribute : TheoryAttribute
{
    public TsharkTheoryAttribute()
    {
        if (!Tshark.IsInstalled)
            Skip = "tshark is not installed (Debian: apt-get install tshark)";
    }
}

/// <summary>The same for a single run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TsharkFactAttribute : FactAttribute
{
    public TsharkFactAttribute() => Skip = new TsharkTheoryAttribute().Skip;
}

/// <summary>Runs if tcpdump is on the PATH; elsewhere the test is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TcpdumpFactAttribute : FactAttribute
{
    public TcpdumpFactAttribute()
    {
        if (!Tshark.IsOnPath("tcpdump"))
            Skip = "tcpdump is not installed (Debian: apt-get install tcpdump)";
    }
}

/// <summary>One frame as tshark reports it.</summary>
internal sealed record TsharkFrame(long Number, double Time, int? Stream, int Length, int Flags, uint Sequence, int SourcePort, int DestinationPort, bool IsQuoted);

/// <summary>Runs Wireshark's dissector, to check this project's decoder.</summary>
internal static class Tshark
{
    private static readonly string[] Fields =
    [
        "frame.number", "frame.time_epoch", "tcp.stream", "tcp.len", "tcp.flags", "tcp.seq_raw", "tcp.srcport", "tcp.dstport", "icmp.type", "icmpv6.type",
    ];

    public static bool IsInstalled { get; } = IsOnPath("tshark");

    /// <summary>Whether a program is on the PATH.</summary>
    public static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program)));

    public static List<TsharkFrame> Read(byte[] capture)
    {
        string path = Path.Combine(Path.GetTempPath(), $"differential-{Guid.NewGuid():N}.pcap");
        File.WriteAllBytes(path, capture);
        try
        {
            return [.. Run(["-n", "-r", path, "-T", "fields", "-E", "occurrence=l", "-E", "separator=/t", .. Fields.SelectMany(f => (string[])["-e", f])]).Select(Parse)];
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Returns the printed lines.</summary>
    public static string[] Run(string[] arguments)
    {
        ProgramResult result = ChildProgram.Run("tshark", arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static TsharkFrame Parse(string line)
    {
        string[] f = line.Split('\t');
        int Number(int i) => f[i].Length == 0 ? 0 : f[i].StartsWith("0x", StringComparison.Ordinal) ? Convert.ToInt32(f[i], 16) : int.Parse(f[i], CultureInfo.InvariantCulture);
        return new TsharkFrame(
            long.Parse(f[0], CultureInfo.InvariantCulture),
            double.Parse(f[1], CultureInfo.InvariantCulture),
            f[2].Length == 0 ? null : Number(2),
            Number(3),
            Number(4),
            f[5].Length == 0 ? 0 : uint.Parse(f[5], CultureInfo.InvariantCulture),
            Number(6),
            Number(7),
            f[8].Length > 0 || f[9].Length > 0);
    }
}
