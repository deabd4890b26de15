using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Bridging;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Probing;
using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Commands;

/// <summary>
/// Connects to endpoints and measures how they close. Writes a <see cref="TeardownTest"/> for each target and probe as soon as it is complete. With
/// <see cref="Quiet"/> it writes a bool for each target.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "TcpTeardown")]
[OutputType(typeof(TeardownTest), typeof(bool))]
public sealed class TestTcpTeardownCommand : DisplayCmdlet, IDisposable
{
    private const double ShortestTime = 0.001;
    private const double LongestTime = 7 * 86_400;
    private const int LongestKeepAlive = 32_767; // MAX_TCP_KEEPIDLE, include/net/tcp.h

    private static readonly TeardownOptions Defaults = new();
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private ProbingSession _session = null!;
    private ProbingProgress _progress = null!;
    private ConsoleStopKey? _stopKey;
    private bool _watched;

    /// <summary>The names or addresses to probe. A link-local IPv6 address needs its scope.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("TargetName", "CN", "Address")]
    [ValidateNotNullOrEmpty]
    public string[] ComputerName { get; set; } = [];

    /// <summary>The ports to probe on each computer.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, IPEndPoint.MaxPort)]
    public int[] Port { get; set; } = [];

    /// <summary>The kinds of probes. Each probe uses its own connection.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProbeCompleter))]
    [ValidateEnumName(typeof(TeardownProbeKind), "probe")]
    public string[] Probe { get; set; } = [nameof(TeardownProbeKind.PeerClose)];

    /// <summary>The payload to send after the connection is established: bytes, or text, which is encoded as UTF-8.</summary>
    [Parameter]
    [Payload]
    public byte[] Payload { get; set; } = [];

    /// <summary>The path to request with HTTP/1.1 after the connection is established.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HttpPath { get; set; }

    /// <summary>Uses TLS.</summary>
    [Parameter]
    public SwitchParameter UseTls { get; set; }

    /// <summary>The server name for TLS.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TlsName { get; set; }

    /// <summary>The longest time to wait for the name to be resolved, again for the connection, and again for the TLS handshake.</summary>
    [Parameter]
    [ValidateRange(ShortestTime, LongestTime)]
    public double TimeoutSeconds { get; set; } = Defaults.ConnectTimeout.TotalSeconds;

    /// <summary>The longest time to wait for the peer to close, or to answer.</summary>
    [Parameter]
    [ValidateRange(ShortestTime, LongestTime)]
    public double WaitSeconds { get; set; } = Defaults.WaitLimit.TotalSeconds;

    /// <summary>Turns on TCP keepalive. The number is the seconds before the first probe and between two probes.</summary>
    [Parameter]
    [ValidateRange(1, LongestKeepAlive)]
    public int KeepAliveSeconds { get; set; }

    /// <summary>The most requests of a KeepAliveRace.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxRequests { get; set; } = Defaults.MaxRequests;

    /// <summary>Uses only IPv4 addresses.</summary>
    [Parameter]
    public SwitchParameter IPv4 { get; set; }

    /// <summary>Uses only IPv6 addresses.</summary>
    [Parameter]
    public SwitchParameter IPv6 { get; set; }

    /// <summary>Probes every address of a name, with one result for each.</summary>
    [Parameter]
    public SwitchParameter AllAddresses { get; set; }

    /// <summary>How often each probe is made.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = Defaults.Count;

    /// <summary>The pause between two probes of one target. A plain number means seconds.</summary>
    [Parameter]
    [Seconds]
    [ValidateSeconds(0, LongestTime)]
    public TimeSpan Delay { get; set; } = Defaults.Delay;

    /// <summary>How many targets are probed at the same time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; } = Defaults.ThrottleLimit;

    /// <summary>Also captures the packets of each probe, and analyzes them.</summary>
    [Parameter]
    public SwitchParameter Capture { get; set; }

    /// <summary>A table of the site's own idle time-outs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TimerFile { get; set; }

    /// <summary>Writes only a bool for each target.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Closes the open connections, and restores Ctrl+C.</summary>
    public void Dispose()
    {
        _stopKey?.Dispose();
        _session?.Dispose();
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _progress = new ProbingProgress(WriteProgress);
        try
        {
            if (IPv4 && IPv6)
                throw new ArgumentException("-IPv4 and -IPv6 exclude each other; without both, addresses are tried in the system's order");
            if (TlsName is not null && !UseTls)
                throw new ArgumentException("-TlsName needs -UseTls");
            TeardownOptions options = Options();
            options.Validate(ParameterOf);
            _session = new ProbingSession(options);
        }
        catch (ArgumentException e)
        {
            ThrowTerminatingError(ErrorRecords.TeardownOptionInvalid(e));
        }
        catch (TimerFileException e)
        {
            ThrowTerminatingError(ErrorRecords.TimerFileInvalid(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in ComputerName)
        {
            if (!TeardownTarget.CanBeHost(name))
            {
                WriteError(ErrorRecords.ComputerNameInvalid(name));
                continue;
            }

            foreach (int port in Port)
            {
                _session.Add(new TeardownTarget(name, port));
                WriteResults(toTheEnd: false);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _session.Complete();
        WriteResults(toTheEnd: true);
        _progress.Complete();
        if (_session.NotTried is > 0 and int left)
            WriteWarning($"stopped before {left} targets were tried");
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _session?.Stop();

    /// <summary>Writes the results that are available. Waits for more results at the end, or if there is no room for another target.</summary>
    private void WriteResults(bool toTheEnd)
    {
        while (true)
        {
            bool waits = toTheEnd ? !_session.IsFinished : _session.IsFull;
            if (waits && !_watched)
                WatchKey();
            bool found = _session.TryTake(waits ? Pause : TimeSpan.Zero, out TeardownTest? result);
            if (result is not null)
                Write(result);
            foreach (bool answer in _session.TakeAnswers())
            {
                if (Quiet)
                    WriteObject(answer);
            }

            if (!found && !waits)
                return;
            _progress.Show(() => _session.Progress);
        }
    }

    private void Write(TeardownTest result)
    {
        foreach (SocketStep step in result.Steps)
            WriteVerbose($"{new EndpointText(result.ComputerName, result.Port)} {result.Probe}: {step}");
        if (!Quiet)
            WriteObject(result);
    }

    /// <summary>Makes Ctrl+C stop the probes while this cmdlet itself waits. While the user types targets at a prompt, Ctrl+C belongs to the prompt.</summary>
    private void WatchKey()
    {
        _watched = true;
        _stopKey = ConsoleStopKey.Watch(Host, _session.Stop);
    }

    /// <summary>Returns the parameter for a property of <see cref="TeardownOptions"/>, with its hyphen, for error messages.</summary>
    internal static string ParameterOf(string property) => property switch
    {
        nameof(TeardownOptions.Probes) => $"-{nameof(Probe)}",
        nameof(TeardownOptions.ConnectTimeout) => $"-{nameof(TimeoutSeconds)}",
        nameof(TeardownOptions.WaitLimit) => $"-{nameof(WaitSeconds)}",
        nameof(TeardownOptions.KeepAliveInterval) => $"-{nameof(KeepAliveSeconds)}",
        nameof(TeardownOptions.AddressFamily) => $"-{nameof(IPv4)} or -{nameof(IPv6)}",
        _ => $"-{property}",
    };

    private TeardownOptions Options() => new()
    {
        Probes = [.. Probe.Select(name => Enum.Parse<TeardownProbeKind>(name, ignoreCase: true)).Distinct()],
        Count = Count,
        Delay = Delay,
        ThrottleLimit = ThrottleLimit,
        Payload = Payload,
        HttpPath = HttpPath,
        UseTls = UseTls,
        TlsName = TlsName,
        ConnectTimeout = TimeSpan.FromSeconds(TimeoutSeconds),
        WaitLimit = TimeSpan.FromSeconds(WaitSeconds),
        KeepAliveInterval = KeepAliveSeconds == 0 ? null : TimeSpan.FromSeconds(KeepAliveSeconds),
        MaxRequests = MaxRequests,
        AddressFamily = IPv4 ? AddressFamily.InterNetwork : IPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified,
        AllAddresses = AllAddresses,
        CaptureLibrary = Capture ? SessionCaptureLibrary.Instance : null,
        Timers = TimerFile is null ? null : TimerTable.Read(SessionState, TimerFile),
    };
}
