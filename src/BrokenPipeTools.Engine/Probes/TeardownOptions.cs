using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>The options and limits of probes. They are the same for all targets of a run.</summary>
public sealed record TeardownOptions
{
    /// <summary>The largest value of an option that is a time.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(7);

    /// <summary>The most bytes of a <see cref="Payload"/>.</summary>
    public const int MaxPayloadBytes = 16 << 20;

    /// <summary>The kinds of probes. They are made one after another, each on its own connection.</summary>
    public IReadOnlyList<TeardownProbeKind> Probes { get; init; } = [TeardownProbeKind.PeerClose];

    /// <summary>How often each probe of each target is made, from 1 up.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The pause between two probes of the same target.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many targets are probed at the same time, from 1 up.</summary>
    public int ThrottleLimit { get; init; } = 64;

    /// <summary>
    /// The bytes that are sent unchanged after the connection is established; empty to send nothing. It cannot be combined with
    /// <see cref="HttpPath"/>.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// The path to request with HTTP/1.1 (GET, keep-alive) after the connection is established, such as / or /health?full=1; null to send no request.
    /// </summary>
    public string? HttpPath { get; init; }

    /// <summary>Whether to use TLS. Every certificate is accepted, because no secret is sent; errors of the certificate are reported.</summary>
    public bool UseTls { get; init; }

    /// <summary>The server name for TLS (SNI, RFC 6066); null for the target's name.</summary>
    public string? TlsName { get; init; }

    /// <summary>The longest time to wait for the name to be resolved, again for the connection, and again for the TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest time to wait for the peer to close: 90 s includes the usual keep-alive time-outs (5 to 75 s). For
    /// <see cref="TeardownProbeKind.UnreadClose"/> and <see cref="TeardownProbeKind.KeepAliveRace"/> it is also the longest time to wait for an
    /// answer.
    /// </summary>
    public TimeSpan WaitLimit { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// The time before the first TCP keepalive probe and between two (TCP_KEEPIDLE, TCP_KEEPINTVL), in whole seconds. Null to leave keepalive off.
    /// </summary>
    public TimeSpan? KeepAliveInterval { get; init; }

    /// <summary>The most requests of a <see cref="TeardownProbeKind.KeepAliveRace"/>, from 1 up. The default is nginx's keepalive_requests.</summary>
    public int MaxRequests { get; init; } = 1000;

    /// <summary>The IP version of the addresses: InterNetwork or InterNetworkV6. Unspecified for both, in the system's order.</summary>
    public AddressFamily AddressFamily { get; init; } = AddressFamily.Unspecified;

    /// <summary>
    /// Whether to probe every address of a name, with a result for each; otherwise only the first address that answers.
    /// <see cref="TeardownProbeKind.Connect"/> always probes every address.
    /// </summary>
    public bool AllAddresses { get; init; }

    /// <summary>The library that captures the packets of each probe, if this process may capture; null to capture none.</summary>
    internal ICaptureLibrary? CaptureLibrary { get; init; }

    /// <summary>The time-outs that silences are compared with; null for the built-in ones.</summary>
    public KnownTimers? Timers { get; init; }

    /// <summary>Makes the sockets of a client in another network namespace; null to make them in this process's own.</summary>
    internal Func<AddressFamily, Socket>? SocketFactory { get; init; }

    /// <summary>Opens the capture, with a filter, for a client in another network namespace; null to find the interface in this process's own.</summary>
    internal Func<ICaptureLibrary, string, ILiveCapture>? CaptureFactory { get; init; }

    /// <summary>Checks every option.</summary>
    /// <param name="nameOf">Returns the user's name for a property, such as --http-path; null to use the property's own name.</param>
    /// <exception cref="ArgumentException">An option is out of range, or two options do not fit together. The message names them.</exception>
    public void Validate(Func<string, string>? nameOf = null)
    {
        nameOf ??= property => property;
        Check(Probes.Count > 0 && Probes.All(Enum.IsDefined), "at least one probe is required");
        Check(Count >= 1, $"{nameOf(nameof(Count))} must be at least 1");
        Check(ThrottleLimit >= 1, $"{nameOf(nameof(ThrottleLimit))} must be at least 1");
        Check(MaxRequests >= 1, $"{nameOf(nameof(MaxRequests))} must be at least 1");
        Check(Delay >= TimeSpan.Zero && Delay <= LongestTime, $"{nameOf(nameof(Delay))} must be from 0 to 7 days");
        Check(ConnectTimeout > TimeSpan.Zero && ConnectTimeout <= LongestTime, $"{nameOf(nameof(ConnectTimeout))} must be more than 0, and at most 7 days");
        Check(WaitLimit > TimeSpan.Zero && WaitLimit <= LongestTime, $"{nameOf(nameof(WaitLimit))} must be more than 0, and at most 7 days");
        Check(KeepAliveInterval is not { } interval || (interval >= TimeSpan.FromSeconds(1) && interval <= TimeSpan.FromSeconds(32_767)), $"{nameOf(nameof(KeepAliveInterval))} must be from 1 to 32,767 seconds");
        Check(AddressFamily is AddressFamily.Unspecified or AddressFamily.InterNetwork or AddressFamily.InterNetworkV6, $"{nameOf(nameof(AddressFamily))} must be IPv4, IPv6 or unspecified");
        Check(Payload.Length <= MaxPayloadBytes, $"{nameOf(nameof(Payload))} must be at most 16 MiB");
        Check(HttpPath is null || Payload.IsEmpty, $"{nameOf(nameof(Payload))} and {nameOf(nameof(HttpPath))} exclude each other");
        Check(HttpPath is null || (HttpPath.StartsWith('/') && HttpPath.All(c => c is > ' ' and < (char)0x7F)), $"{nameOf(nameof(HttpPath))} must begin with / and must not contain spaces, control characters or non-ASCII letters (percent-encode them)");
        Check(Probes.Any(probe => probe != TeardownProbeKind.Connect) || !(SendsSomething || UseTls), $"Connect sends nothing: leave out {nameOf(nameof(Payload))}, {nameOf(nameof(HttpPath))} and {nameOf(nameof(UseTls))}, or add another probe");
        Check(SendsSomething || !Probes.Contains(TeardownProbeKind.KeepAliveRace), $"KeepAliveRace needs a request to send: {nameOf(nameof(Payload))} or {nameOf(nameof(HttpPath))}");
    }

    /// <summary>Whether the options make a probe send any payload.</summary>
    internal bool SendsSomething => HttpPath is not null || !Payload.IsEmpty;

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
            throw new ArgumentException(otherwise);
    }
}
