using System.Management.Automation;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Serving;

namespace BrokenPipeTools.Commands;

/// <summary>Starts a server that misbehaves on purpose. Writes the server: its endpoint, and the log of the connections that it served.</summary>
[Cmdlet(VerbsLifecycle.Start, "BrokenPipeServer", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(BrokenPipeServer))]
public sealed class StartBrokenPipeServerCommand : DisplayCmdlet
{
    private const double ShortestTime = 0.001;
    private const double LongestTime = 86_400;

    private static readonly BrokenPipeServerOptions Defaults = new();

    /// <summary>The behaviors for the connections or requests, one after another; the last repeats.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ArgumentCompleter(typeof(BehaviorCompleter))]
    [ValidateEnumName(typeof(ServerBehavior), "behavior")]
    public string[] Behavior { get; set; } = [];

    /// <summary>Begins the sequence again after the last behavior.</summary>
    [Parameter]
    public SwitchParameter Loop { get; set; }

    /// <summary>Whether the next behavior is used for each connection or for each request.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(StepCompleter))]
    [ValidateEnumName(typeof(ServerStep), "step")]
    public string Per { get; set; } = nameof(ServerStep.Connection);

    /// <summary>The probability that one of the behaviors before the last is used, in place of the last one.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Probability { get; set; }

    /// <summary>The seed of the random choices: those of Probability, and the bytes of RandomBytes.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>The seconds for which Refuse, FullBacklog, DropSyn and LateAccept accept no connection.</summary>
    [Parameter]
    [ValidateRange(ShortestTime, LongestTime)]
    public double OutageSeconds { get; set; } = Defaults.Outage.TotalSeconds;

    /// <summary>The address to listen on. Any address except a loopback address makes the server reachable from the network.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LocalAddressCompleter))]
    public IPAddress Address { get; set; } = Defaults.Address;

    /// <summary>The port; 0 for a free one.</summary>
    [Parameter]
    [ValidateRange(0, IPEndPoint.MaxPort)]
    [PSDefaultValue(Value = 0)]
    public int Port { get; set; }

    /// <summary>The path at which a UnixSink listens.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UnixSocketPath { get; set; }

    /// <summary>Uses TLS, with a certificate that is made for the names of the endpoint.</summary>
    [Parameter]
    public SwitchParameter UseTls { get; set; }

    /// <summary>Uses TLS with the first certificate that has a private key. The other certificates are its intermediate certificates.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [CertificateNotPath]
    public X509Certificate2[]? Certificate { get; set; }

    /// <summary>Uses TLS with the certificate and the chain of this file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertificatePath { get; set; }

    /// <summary>The file with the key of a PEM certificate.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertificateKeyPath { get; set; }

    /// <summary>Closes without close_notify over TLS.</summary>
    [Parameter]
    public SwitchParameter NoCloseNotify { get; set; }

    /// <summary>The server that Forward, ForwardThenClose, ForwardThenReset and ForwardThenSilence connect to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Upstream { get; set; }

    /// <summary>The number of bytes after which a forwarded connection fails.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long AfterBytes { get; set; }

    /// <summary>The number of requests after which a forwarded connection fails.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int AfterRequests { get; set; }

    /// <summary>The seconds after which a forwarded connection fails.</summary>
    [Parameter]
    [ValidateRange(ShortestTime, LongestTime)]
    public double AfterSeconds { get; set; }

    /// <summary>The side that is affected when a forwarded connection fails: it gets FIN, RST, or no more bytes.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SideCompleter))]
    [ValidateEnumName(typeof(ForwardSide), "side")]
    public string Toward { get; set; } = nameof(ForwardSide.Client);

    /// <summary>The silence, in seconds, after which IdleTimeout closes.</summary>
    [Parameter]
    [ValidateRange(ShortestTime, LongestTime)]
    public double IdleTimeoutSeconds { get; set; } = Defaults.IdleTimeout.TotalSeconds;

    /// <summary>The seconds between two bytes of a SlowResponse.</summary>
    [Parameter]
    [ValidateRange(0.0, LongestTime)]
    public double IntervalSeconds { get; set; } = Defaults.Interval.TotalSeconds;

    /// <summary>Sends RST if the behavior would close with FIN.</summary>
    [Parameter]
    public SwitchParameter Abort { get; set; }

    /// <summary>The number of answers that MaxRequests sends on a connection.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxRequests { get; set; } = Defaults.MaxRequests;

    /// <summary>The most open connections. Each further connection replaces the one that was idle for the longest time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxConnections { get; set; } = Defaults.MaxConnections;

    /// <summary>How many ended connections the log keeps.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int LogCapacity { get; set; } = Defaults.LogCapacity;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        BrokenPipeServerOptions options = PlainOptions();
        bool onUnix = options.Behavior == ServerBehavior.UnixSink;
        string target = options.UnixSocketPath ?? (onUnix ? "a Unix-domain socket" : new EndpointText(Address.ToString(), Port).ToString());
        if (!ShouldProcess(target, $"Listen, {string.Join(", ", options.Behaviors)}"))
            return;
        if (!onUnix && !IPAddress.IsLoopback(Address))
            WriteWarning($"{Address} is not a loopback address: every host that reaches this machine can connect to the server.");
        try
        {
            CertificateChain? chain = ReadCertificate();
            BrokenPipeServer server = ServerRegistry.Start(options with { Certificate = chain?.Certificate, Intermediates = chain?.Intermediates ?? [] });
            foreach (ServerBehavior behavior in options.Behaviors.Distinct())
                WriteVerbose($"Server {server.Id} listens on {server.EndPoint}: {behavior}: {ServerBehaviors.SummaryOf(behavior)}");
            if (options.Probability is not null)
                WriteVerbose($"Server {server.Id} selects behaviors at random; -Seed {server.Seed} repeats this run.");
            WriteObject(server);
        }
        catch (ServerStartException e)
        {
            WriteError(e.ToErrorRecord(target));
        }
    }

    /// <summary>Reads the certificate of -Certificate or -CertificatePath. Returns null if neither was given.</summary>
    /// <exception cref="ServerStartException">The certificate cannot be used.</exception>
    private CertificateChain? ReadCertificate()
    {
        if (CertificatePath is null && CertificateKeyPath is not null)
            throw new ServerStartException(ServerProblemId.ServerOptionInvalid, $"-{nameof(CertificateKeyPath)} needs -{nameof(CertificatePath)}");
        if (CertificatePath is not null && Certificate is not null)
            throw new ServerStartException(ServerProblemId.ServerOptionInvalid, $"-{nameof(Certificate)} and -{nameof(CertificatePath)} exclude each other");
        if (CertificatePath is not null)
            return CertificateFile.Read(FileOf(CertificatePath), CertificateKeyPath is null ? null : FileOf(CertificateKeyPath), $"-{nameof(CertificateKeyPath)}");
        return Certificate is null ? null : CertificateChain.Of(Certificate);
    }

    private string FileOf(string path) =>
        SessionFile.Resolve(SessionState, path, "a certificate", (reason, inner) => new ServerStartException(ServerProblemId.CertificateInvalid, $"{DisplayText.Of(path)}: {reason}", inner));

    private BrokenPipeServerOptions PlainOptions() => new()
    {
        Behaviors = [.. Behavior.Select(name => Enum.Parse<ServerBehavior>(name, ignoreCase: true))],
        Loop = Loop,
        Per = Enum.Parse<ServerStep>(Per, ignoreCase: true),
        Probability = IsBound(nameof(Probability)) ? Probability : null,
        Seed = IsBound(nameof(Seed)) ? Seed : null,
        Outage = TimeSpan.FromSeconds(OutageSeconds),
        Address = Address,
        Port = Port,
        UnixSocketPath = UnixSocketPath is null ? null : GetUnresolvedProviderPathFromPSPath(UnixSocketPath),
        UseTls = UseTls,
        SendsCloseNotify = !NoCloseNotify,
        Upstream = Upstream,
        AfterBytes = IsBound(nameof(AfterBytes)) ? AfterBytes : null,
        AfterRequests = IsBound(nameof(AfterRequests)) ? AfterRequests : null,
        AfterTime = IsBound(nameof(AfterSeconds)) ? TimeSpan.FromSeconds(AfterSeconds) : null,
        Toward = Enum.Parse<ForwardSide>(Toward, ignoreCase: true),
        IdleTimeout = TimeSpan.FromSeconds(IdleTimeoutSeconds),
        Interval = TimeSpan.FromSeconds(IntervalSeconds),
        Abort = Abort,
        MaxRequests = MaxRequests,
        MaxConnections = MaxConnections,
        LogCapacity = LogCapacity,
        NameOption = ParameterOf,
    };

    /// <summary>Returns the parameter for an option of the server, with its hyphen, for error messages.</summary>
    internal static string ParameterOf(string option) => option switch
    {
        nameof(BrokenPipeServerOptions.Behaviors) => $"-{nameof(Behavior)}",
        nameof(BrokenPipeServerOptions.Outage) => $"-{nameof(OutageSeconds)}",
        nameof(BrokenPipeServerOptions.AfterTime) => $"-{nameof(AfterSeconds)}",
        nameof(BrokenPipeServerOptions.IdleTimeout) => $"-{nameof(IdleTimeoutSeconds)}",
        nameof(BrokenPipeServerOptions.Interval) => $"-{nameof(IntervalSeconds)}",
        nameof(BrokenPipeServerOptions.SendsCloseNotify) => $"-{nameof(NoCloseNotify)}",
        nameof(BrokenPipeServerOptions.Intermediates) => $"-{nameof(Certificate)}",
        _ => $"-{option}",
    };

    private bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
