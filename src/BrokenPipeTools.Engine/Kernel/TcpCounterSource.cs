using System.Diagnostics;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// The counters of TCP of one network namespace, which can be read repeatedly. Linux only. For the own namespace, and that of a process, no privilege
/// is needed.
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
    /// The id of a process in it, or a path such as /run/netns/blue or /proc/812/ns/net; null or empty for this process's own.
    /// </param>
    /// <exception cref="CounterException">They cannot be read here.</exception>
    public static TcpCounterSource Open(string? networkNamespace = null)
    {
        if (!OperatingSystem.IsLinux())
            throw new CounterException(CounterProblemId.CountersUnsupported, "TCP counters: only Linux has them (/proc/net/netstat)");
        return new TcpCounterSource(CounterFiles.Open(networkNamespace), string.IsNullOrEmpty(networkNamespace) ? null : networkNamespace);
    }

    /// <summary>Reads all counters.</summary>
    /// <exception cref="CounterException">They can no longer be read.</exception>
    public TcpCounterReading Read()
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException(); // no object of this type exists then
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
