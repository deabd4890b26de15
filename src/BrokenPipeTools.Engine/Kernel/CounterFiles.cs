using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// The kernel's files with the counters of one network namespace. Once they are opened, they always show this namespace, whichever thread reads them,
/// even after the processes in the namespace have ended.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class CounterFiles : IDisposable
{
    private const int MostBytes = 1 << 20; // bytes; Linux 6.18 prints 6,000
    private const int ReadOnly = 0; // O_RDONLY
    private const int NotFound = 2; // ENOENT

    /// <summary>The files of the calling thread's network namespace.</summary>
    private const string OwnFolder = "/proc/thread-self/net";

    private readonly SafeFileHandle? _snmp;
    private readonly SafeFileHandle? _netstat;
    private readonly SafeFileHandle? _sockStat;
    private readonly byte[] _buffer = new byte[MostBytes];

    private CounterFiles(Func<string, SafeFileHandle?> open)
    {
        _snmp = open("snmp");
        _netstat = open("netstat");
        _sockStat = open("sockstat");
    }

    /// <summary>Opens the files of a network namespace.</summary>
    /// <param name="networkNamespace">The id of a process or the path of a namespace; null or empty for this process's own.</param>
    /// <exception cref="CounterException">The files cannot be opened.</exception>
    public static CounterFiles Open(string? networkNamespace)
    {
        if (string.IsNullOrEmpty(networkNamespace))
            return OpenFolder(OwnFolder, "");
        if (ProcessId().IsMatch(networkNamespace))
            return OpenFolder($"/proc/{networkNamespace}/net", networkNamespace);
        return OfProcess().Match(networkNamespace) is { Success: true } known
            ? OpenFolder(known.Groups[1].Value + "net", networkNamespace) // this needs no privilege; entering the namespace would need one
            : OpenPath(networkNamespace);
    }

    /// <summary>Reads the current values of all counters.</summary>
    /// <exception cref="CounterException">A file cannot be read.</exception>
    public IReadOnlyList<CounterValue> Read()
    {
        try
        {
            return [.. CounterText.ReadTable(Text(_snmp)), .. CounterText.ReadTable(Text(_netstat)), .. CounterText.ReadSockStat(Text(_sockStat))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CounterException(CounterProblemId.CounterReadFailed, $"TCP counters: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        _snmp?.Dispose();
        _netstat?.Dispose();
        _sockStat?.Dispose();
    }

    /// <summary>Opens the files in a folder that is the same for every thread of this process, so that no namespace has to be entered.</summary>
    private static CounterFiles OpenFolder(string folder, string asked)
    {
        if (asked.Length > 0 && !Directory.Exists(folder))
            throw new CounterException(CounterProblemId.NetworkNamespaceNotFound, $"{asked}: no such process");
        return Checked(new CounterFiles(name => TryOpen($"{folder}/{name}")), asked);
    }

    private static CounterFiles OpenPath(string path)
    {
        try
        {
            using NetworkNamespace place = NetworkNamespace.Open(path);
            return Checked(new CounterFiles(name => TryOpen(place, name)), path);
        }
        catch (NetworkNamespaceException e)
        {
            (CounterProblemId id, string problem) = e.Fault switch
            {
                NetworkNamespaceFault.NotFound => (CounterProblemId.NetworkNamespaceNotFound, "no such network namespace"),
                NetworkNamespaceFault.AccessDenied => (CounterProblemId.NetworkNamespaceAccessDenied, "permission denied; entering a network namespace needs root (CAP_SYS_ADMIN), but giving the id of a process in it does not"),
                _ => (CounterProblemId.NetworkNamespaceInvalid, "not a network namespace; give the id of a process, or a path such as /run/netns/NAME or /proc/PID/ns/net"),
            };
            throw new CounterException(id, $"{path}: {problem}", e);
        }
    }

    /// <summary>Checks that the files exist. Some sandboxes have a /proc without some of them.</summary>
    private static CounterFiles Checked(CounterFiles files, string asked)
    {
        if (files._snmp is not null || files._netstat is not null)
            return files;
        files.Dispose();
        throw new CounterException(CounterProblemId.CountersUnsupported, $"TCP counters{(asked.Length > 0 ? $" of {asked}" : "")}: this system has neither /proc/net/snmp nor /proc/net/netstat");
    }

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static SafeFileHandle? TryOpen(NetworkNamespace place, string name)
    {
        try
        {
            return place.OpenFile($"{OwnFolder}/{name}", ReadOnly);
        }
        catch (NetworkNamespaceException e) when (e.Errno == NotFound)
        {
            return null;
        }
    }

    private ReadOnlySpan<byte> Text(SafeFileHandle? file)
    {
        int length = 0;
        while (file is not null && length < MostBytes && RandomAccess.Read(file, _buffer.AsSpan(length), length) is > 0 and int read)
            length += read;
        return _buffer.AsSpan(0, length);
    }

    [GeneratedRegex(@"^\d{1,10}$", RegexOptions.CultureInvariant)]
    private static partial Regex ProcessId();

    [GeneratedRegex(@"^(/proc/(?:\d{1,10}|self|thread-self)(?:/task/\d{1,10})?/)ns/net$", RegexOptions.CultureInvariant)]
    private static partial Regex OfProcess();
}
