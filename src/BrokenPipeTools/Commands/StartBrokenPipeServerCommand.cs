using System.Management.Automation;
using System.Net;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;
using BrokenPipeTools.Serving;

namespace BrokenPipeTools.Commands;

/// <summary>Starts a server that misbehaves on purpose, and writes it: its endpoint, and its log of the connections it served.</summary>
[Cmdlet(VerbsLifecycle.Start, "BrokenPipeServer", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FaultServer))]
public sealed class StartBrokenPipeServerCommand : DisplayCmdlet
{
    private const double LongestTime = 86_400;

    private static readonly FaultServerOptions Defaults = new();

    /// <summary>What it does to whoever connects.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ArgumentCompleter(typeof(BehaviorCompleter))]
    [ValidateEnumName(typeof(ServerBehavior), "behaviour")]
    public string Behavior { get; set; } = "";

    /// <summary>Where it listens. Any other than a loopback address exposes it to the network.</summary>
    [Parameter]
    [ValidateNotNull]
    public IPAddress Address { get; set; } = Defaults.Address;

    /// <summary>The port; 0 takes a free one.</summary>
    [Parameter]
    [ValidateRange(0, IPEndPoint.MaxPort)]
    public int Port { get; set; }

    /// <summary>Where a UnixSink listens.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UnixSocketPath { get; set; }

    /// <summary>The silence, in seconds, after which IdleTimeout closes.</summary>
    [Parameter]
    [ValidateRange(0.001, LongestTime)]
    public double IdleTimeoutSeconds { get; set; } = Defaults.IdleTimeout.TotalSeconds;

    /// <summary>The seconds between two bytes of a SlowResponse.</summary>
    [Parameter]
    [ValidateRange(0.0, LongestTime)]
    public double IntervalSeconds { get; set; } = Defaults.Interval.TotalSeconds;

    /// <summary>Where the behaviour closes with FIN of its own accord, it sends RST.</summary>
    [Parameter]
    public SwitchParameter Abort { get; set; }

    /// <summary>The answers that MaxRequests gives on a connection.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxRequests { get; set; } = Defaults.MaxRequests;

    /// <summary>Connections held at once; another one takes the place of the one without a byte for the longest time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxConnections { get; set; } = Defaults.MaxConnections;

    /// <summary>How many connections that have ended are remembered.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int LogCapacity { get; set; } = Defaults.LogCapacity;

    /// <summary>Makes the bytes of RandomBytes the same in every run.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        FaultServerOptions options = Options();
        bool onUnix = options.Behavior == ServerBehavior.UnixSink;
        string target = options.UnixSocketPath ?? (onUnix ? "a Unix-domain socket" : Endpoint.Describe(Address.ToString(), Port));
        if (!ShouldProcess(target, $"Listen, {options.Behavior}"))
            return;
        if (!onUnix && !IPAddress.IsLoopback(Address))
            WriteWarning($"{Address} is no loopback address: whoever reaches this machine can connect to the server.");
        try
        {
            FaultServer server = ServerRegistry.Start(options);
            WriteVerbose($"Server {server.Id} listens on {server.EndPoint}: {ServerBehaviors.SummaryOf(options.Behavior)}");
            WriteObject(server);
        }
        catch (ServerStartException e)
        {
            WriteError(e.ToErrorRecord(target));
        }
    }

    private FaultServerOptions Options() => new()
    {
        Behavior = Enum.Parse<ServerBehavior>(Behavior, ignoreCase: true),
        Address = Address,
        Port = Port,
        UnixSocketPath = UnixSocketPath is null ? null : GetUnresolvedProviderPathFromPSPath(UnixSocketPath),
        IdleTimeout = TimeSpan.FromSeconds(IdleTimeoutSeconds),
        Interval = TimeSpan.FromSeconds(IntervalSeconds),
        Abort = Abort,
        MaxRequests = MaxRequests,
        MaxConnections = MaxConnections,
        LogCapacity = LogCapacity,
        Seed = MyInvocation.BoundParameters.ContainsKey(nameof(Seed)) ? Seed : null,
    };
}
