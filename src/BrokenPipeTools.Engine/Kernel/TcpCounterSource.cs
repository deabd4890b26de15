using System.Diagnostics;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// The counters of TCP in one network namespace; they can be read repeatedly. Works only on Linux. It needs no privilege for this process's own
/// namespace and for that of a process that is given by its id.
/// </summary>
public sealed class TcpCounterSource : IDisposable
{
    private readonly CounterFiles _files;
    private readonly string? _networkNamespace;

    private TcpCounterSource(CounterFiles files, string? networkNamespace)
    {
        _files = files;
        _networkNamespace = networkNamespace;
    }

    /// <summary>Opens the counters of a network namespace.</summary>
    /// <param name="networkNamespace">
    /// The id of a process in the namespace, or a path such as /run/netns/blue or /proc/812/ns/net; null or empty for this process's own.
    /// </param>
    /// <exception cref="CounterException">The counters cannot be read on this system, or the namespace cannot be used.</exception>
    public static TcpCounterSource Open(string? networkNamespace = null)
    {
        if (!OperatingSystem.IsLinux())
            throw new CounterException(CounterProblemId.CountersUnsupported, "TCP counters: only Linux has them (/proc/net/netstat)");
        return new TcpCounterSource(CounterFiles.Open(networkNamespace), string.IsNullOrEmpty(networkNamespace) ? null : networkNamespace);
    }

    /// <summary>Reads all counters.</summary>
    /// <exception cref="CounterException">The counters can no longer be read.</exception>
    public TcpCounterReading Read()
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException(); // not reached: no object of this type exists on other systems
        IReadOnlyList<CounterValue> values = _files.Read();
        return new TcpCounterReading(values, CounterLimits.Read(values.Count > 0 && _networkNamespace is null), _networkNamespace, DateTime.UtcNow, Stopwatch.GetTimestamp());
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            _files.Dispose();
    }
}
