using System.Net;
using System.Net.Sockets;
using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using static System.FormattableString;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>One setting of a server, the client's actions, and the expected close of the server.</summary>
internal sealed record ServerCase
{
    /// <summary>An ordinary request that asks to keep the connection.</summary>
    public const string WholeRequest = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /// <summary>A request that stops in the middle of its header.</summary>
    public const string PartOfRequest = "GET / HTTP/1.1\r\nHo";

    /// <summary>A head that announces more than it sends, and more than the limit of these servers.</summary>
    public static readonly string PartOfUpload = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n" + new string('x', 60_000);

    /// <summary>A tolerance of a tenth of the time, and at least of this many seconds.</summary>
    private const double Tolerance = 0.1;

    private const double LeastTolerance = 0.2;

    /// <summary>The same as a time. If this machine lets a thread wait longer, it is too busy for the measurement.</summary>
    public static readonly TimeSpan LeastToleranceTime = TimeSpan.FromSeconds(LeastTolerance);

    /// <summary>The largest delay of the server, as a share of the setting. On a busy machine the server is late, and it never closes early.</summary>
    private const double Lateness = 0.5;

    /// <summary>Seconds: a server that reads the clock ten times a second may have a time that is this old.</summary>
    private const double ClockAge = 0.1;

    /// <summary>The loopback addresses of this machine. Each case is probed on all of them.</summary>
    public static IPAddress[] Addresses { get; } = Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];

    /// <summary>The name of the server.</summary>
    public required ServerProgram Server { get; init; }

    /// <summary>The setting, as it is written in the configuration.</summary>
    public required string Setting { get; init; }

    /// <summary>The client's actions before the time begins.</summary>
    public required string Client { get; init; }

    /// <summary>The kind of probe that measures the case.</summary>
    public TeardownProbeKind Probe { get; init; } = TeardownProbeKind.PeerClose;

    /// <summary>The bytes that the client sends; empty if it sends nothing.</summary>
    public string Payload { get; init; } = "";

    /// <summary>Whether TLS is used. All servers here send close_notify before their FIN (RFC 8446, section 6.1).</summary>
    public bool UseTls { get; init; }

    /// <summary>The setting in seconds; zero if the server closes immediately.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds by which the server may be late by its own design.</summary>
    public double Late { get; init; }

    /// <summary>Whether the server computes with whole seconds of the clock, and closes only if the difference is above the setting.</summary>
    public bool WholeSeconds { get; init; }

    /// <summary>The number of answers, if the setting counts requests.</summary>
    public int? Requests { get; init; }

    /// <summary>The expected mechanism of the close.</summary>
    public required CloseMechanism Mechanism { get; init; }

    /// <summary>The description of the case.</summary>
    public required Cause Cause { get; init; }

    /// <summary>
    /// The expected results of the read and of the two writes after the close, separated by spaces. The alternatives of each are separated by <c>|</c>.
    /// </summary>
    public required string Calls { get; init; }

    /// <summary>The products whose defaults the time is consistent with, as the probe names them; null if the match is only by chance.</summary>
    public string? Timers { get; init; } = "";

    /// <summary>Whether the time is that of a connection on which no answer is missing. A client's pool has only such connections.</summary>
    public bool IsIdle => Cause == Cause.IdleTimeout && !Client.Contains("part of", StringComparison.Ordinal);

    /// <summary>The options of the probe.</summary>
    public TeardownOptions Options => new()
    {
        Probes = [Probe],
        Payload = Encoding.ASCII.GetBytes(Payload),
        WaitLimit = TimeSpan.FromSeconds(60),
        MaxRequests = 20,
        UseTls = UseTls,
    };

    /// <summary>The product that waits two seconds for the next request; the time alone does not distinguish it from another one.</summary>
    public const string TwoSeconds = "gunicorn keepalive";

    /// <summary>Makes a case with the most frequent values: after two seconds (the usual setting here) a FIN, and a RST in answer to the late write.</summary>
    public static ServerCase AfterTwoSeconds(ServerProgram server, string setting, string client) => new()
    {
        Server = server,
        Setting = setting,
        Client = client,
        Seconds = 2,
        Mechanism = CloseMechanism.Fin,
        Cause = Cause.IdleTimeout,
        Calls = "EOF ok EPIPE",
        Timers = client.StartsWith("after", StringComparison.Ordinal) ? TwoSeconds : "", // a keep-alive timer runs only after an answer
    };

    /// <summary>Returns the earliest and the latest correct time.</summary>
    public (TimeSpan Earliest, TimeSpan Latest) Bounds => Around(Seconds, Seconds + Late);

    /// <summary>Returns the same for a connection on which the last byte came at the given time.</summary>
    public (TimeSpan Earliest, TimeSpan Latest) BoundsAfter(DateTime lastByte)
    {
        if (!WholeSeconds)
            return Bounds;
        double late = lastByte.TimeOfDay.TotalSeconds % 1;
        double due = Seconds + 1 - late; // whole seconds of the clock must differ by more than the setting
        return Around(late < ClockAge ? due - 1 : due, due + ClockAge);
    }

    /// <summary>Returns the row of this case in the table of tests/README.md.</summary>
    /// <param name="measured">The time that was measured, in seconds.</param>
    public string Row(double measured)
    {
        string due = Requests is { } count ? $"{count} requests" : Seconds == 0 ? "immediately" : Late > 0 ? Invariant($"{Seconds} to {Seconds + Late} s") : Invariant($"{Seconds} s");
        string seen = (Requests is { } answered ? $"{answered} requests, " : "") + Invariant($"{measured:0.00} s");
        string calls = Calls.Replace("|", " or ", StringComparison.Ordinal).Replace(" E", ", E", StringComparison.Ordinal).Replace(" ok", ", ok", StringComparison.Ordinal).Replace("or, ", "or ", StringComparison.Ordinal);
        return $"| {Server} | `{Setting}` | {Client} | {due} | {seen} | `{Mechanism}` | {calls} | `{Cause}` | {Timers ?? "by chance"} |";
    }

    private static (TimeSpan Earliest, TimeSpan Latest) Around(double from, double to)
    {
        double tolerance = Math.Max(LeastTolerance, from * Tolerance);
        return (TimeSpan.FromSeconds(Math.Max(0, from - tolerance)), TimeSpan.FromSeconds(to + Math.Max(tolerance, to * Lateness)));
    }

    public override string ToString() => $"{Server.Name}, {Setting}, {Client}";
}
