using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>One probe of one target, from the first SYN to the report.</summary>
internal sealed class ProbeTurn(TeardownTarget target, Resolution found, TeardownProbeKind probe, int iteration, TeardownOptions options)
{
    private readonly SocketTrace _trace = new();
    private readonly DateTime _startTime = DateTime.UtcNow;
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly TeardownObservation _seen = new() { Probe = probe, Timers = options.Timers ?? Diagnosis.KnownTimers.BuiltIn };
    private IPAddress? _address;
    private string _states = "";
    private string? _error;

    public TeardownTarget Target => target;

    public TeardownProbeKind Probe => probe;

    public int Iteration => iteration;

    /// <summary>What the time-outs allow it at most, without the answers to its last writes.</summary>
    public TimeSpan Longest => (options.ConnectTimeout * Math.Max(1, found.Addresses.Count)) + (options.UseTls ? options.ConnectTimeout : TimeSpan.Zero) + options.WaitLimit;

    /// <summary>Makes it. Everything that can happen is a result.</summary>
    public async Task<TeardownTest> MakeAsync(CancellationToken cancellation)
    {
        _error = found.Error;
        foreach (IPAddress address in found.Addresses)
        {
            _address = address;
            if (await ProbeAsync(address, cancellation).ConfigureAwait(false) || cancellation.IsCancellationRequested)
                break;
        }

        _seen.Cancelled |= cancellation.IsCancellationRequested && _seen.Connect is null or "blocks";
        return Report();
    }

    /// <summary>Tries one address; false where there is no connection.</summary>
    private async Task<bool> ProbeAsync(IPAddress address, CancellationToken cancellation)
    {
        using AsyncTracedSocket? socket = Open(address);
        if (socket is null || !await ConnectAsync(socket, address, cancellation).ConfigureAwait(false))
            return false;
        using ProbeChannel channel = new PlainChannel(socket);
        ReadOnlyMemory<byte> request = options.HttpPath is { } path ? HttpRequest.Get(path, target) : options.Payload;
        ProbeConnection connection = new(channel, options, request, _seen);
        await ProbeAction.For(probe).RunAsync(connection, cancellation).ConfigureAwait(false);
        _seen.BytesSent = socket.BytesSent;
        _seen.BytesReceived = socket.BytesReceived;
        _seen.CloseNotify = channel.CloseNotify;
        _states = socket.States;
        return true;
    }

    private AsyncTracedSocket? Open(IPAddress address)
    {
        try
        {
            Socket socket = options.SocketFactory?.Invoke(address.AddressFamily) ?? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.NoDelay = true; // what is written goes at once: times are measured by it
            return new AsyncTracedSocket(socket, _trace);
        }
        catch (SocketException error)
        {
            _seen.Connect = _error = SocketErrors.Name(error);
            return null;
        }
    }

    private async Task<bool> ConnectAsync(AsyncTracedSocket socket, IPAddress address, CancellationToken cancellation)
    {
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(options.ConnectTimeout);
        long begin = Stopwatch.GetTimestamp();
        SocketStep step = await socket.ConnectAsync(new IPEndPoint(address, target.Port), time.Token).ConfigureAwait(false);
        TimeSpan took = Stopwatch.GetElapsedTime(begin);
        _seen.Connect = step.Result;
        _error = step.Errno is null ? null : step.Result;
        _states = socket.States;
        if (step.Result != "ok")
            return false;
        _seen.ConnectTime = took;
        _seen.RoundTrip = socket.Look() is { RoundTrip: { Ticks: > 0 } measured } ? measured : took;
        return true;
    }

    private TeardownTest Report()
    {
        TeardownVerdict verdict = TeardownVerdict.Of(_seen);
        return new TeardownTest
        {
            ComputerName = target.ComputerName,
            Address = _address?.ToString() ?? "",
            Port = target.Port,
            Probe = probe,
            Iteration = iteration,
            Status = verdict.Status,
            StartTime = _startTime,
            Duration = Stopwatch.GetElapsedTime(_begin),
            ConnectTime = _seen.ConnectTime,
            State = verdict.State,
            ClosedBy = verdict.ClosedBy,
            Mechanism = verdict.Mechanism,
            ClosedAfter = _seen.ClosedAfter,
            ReadAfterClose = _seen.Read,
            FirstWriteAfterClose = _seen.FirstWrite,
            SecondWriteAfterClose = _seen.SecondWrite,
            ResetAfter = _seen.ResetAfter,
            BytesReceived = _seen.BytesReceived,
            Requests = _seen.Requests,
            TlsCloseNotify = verdict.Mechanism == CloseMechanism.None ? null : _seen.CloseNotify,
            TcpState = _states,
            BrokenPipe = verdict.BrokenPipe,
            Cause = verdict.Cause,
            Confidence = verdict.Confidence,
            KnownTimer = verdict.KnownTimer,
            Explanation = verdict.Explanation,
            Advice = verdict.Advice,
            Error = _error,
            Alternatives = verdict.Alternatives,
            Steps = _trace.Steps,
            Connection = null,
            CaptureNote = options.Capture ? "not captured" : "not asked for",
        };
    }
}
