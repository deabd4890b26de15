using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>One probe of one target, from the first SYN to the report.</summary>
internal sealed class ProbeTurn(TeardownTarget target, Resolution found, TeardownProbeKind probe, int iteration, TeardownOptions options, IdleClosings earlier)
{
    private readonly SocketTrace _trace = new();
    private readonly DateTime _startTime = DateTime.UtcNow;
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly TeardownObservation _seen = new() { Probe = probe, Timers = options.Timers ?? KnownTimers.BuiltIn, KeepAlive = options.KeepAliveInterval is not null, Earlier = earlier };
    private readonly ProbeClock _clock = new(options, found.Addresses.Count);
    private IPAddress? _address;
    private string _states = "";
    private string? _error = found.Error;
    private string? _captureNote = options.CaptureLibrary is not null ? "nothing was sent" : "not requested";

    public TeardownTarget Target => target;

    public TeardownProbeKind Probe => probe;

    public int Iteration => iteration;

    /// <inheritdoc cref="ProbeClock.Remaining"/>
    public TimeSpan Remaining => _clock.Remaining;

    /// <summary>The measurements of all iterations of this probe so far, including this one. Valid after this one has completed.</summary>
    public IdleClosings Closings => IdleLimit.Measured(_seen);

    /// <summary>Runs the probe. Every failure is returned as a result, and not thrown.</summary>
    public async Task<TeardownTest> MakeAsync(CancellationToken cancellation)
    {
        for (int i = 0; i < found.Addresses.Count; i++)
        {
            IPAddress address = _address = found.Addresses[i];
            _clock.Connecting(found.Addresses.Count - i);
            if (await ProbeAsync(new IPEndPoint(address, target.Port), cancellation).ConfigureAwait(false) || cancellation.IsCancellationRequested)
                break;
        }

        _seen.Cancelled |= _seen.Connect is null && cancellation.IsCancellationRequested;
        return Report();
    }

    /// <summary>Probes one address. Returns false if no connection was established.</summary>
    private async Task<bool> ProbeAsync(IPEndPoint to, CancellationToken cancellation)
    {
        _seen.OverIPv6 = to.AddressFamily == AddressFamily.InterNetworkV6;
        _seen.LacksScope = to.Address is { IsIPv6LinkLocal: true, ScopeId: 0 };
        ProbeDialer dialer = new(options, _trace, _seen);
        using AsyncTracedSocket? socket = dialer.Open(to.AddressFamily, out string? failure);
        if (socket is null)
        {
            _error = _seen.Connect = failure;
            return false;
        }

        using ProbeCapture? capture = options.CaptureLibrary is { } library ? ProbeCapture.Begin(library, to, options) : null;
        int localPort = capture?.ChoosePort(socket.Socket) ?? 0;
        bool connected = await dialer.ConnectAsync(socket, to, cancellation).ConfigureAwait(false);
        _error = connected || _seen.Connect == "blocks" ? null : _seen.Connect;
        if (connected)
        {
            _clock.Connected();
            await ConverseAsync(socket, token => dialer.TryAgainAsync(to, token), cancellation).ConfigureAwait(false);
        }

        _states = socket.States;
        if (capture is not null)
            (_seen.Packets, _captureNote) = await Task.Run(() => capture.End(localPort), CancellationToken.None).ConfigureAwait(false);
        if (connected && !_seen.Closed)
            Leave(socket);
        return connected;
    }

    private async Task ConverseAsync(AsyncTracedSocket socket, Func<CancellationToken, Task<string>> reconnect, CancellationToken cancellation)
    {
        using ProbeChannel channel = options.UseTls ? new TlsChannel(socket) : new PlainChannel(socket);
        ReadOnlyMemory<byte> request = options.HttpPath is { } path ? HttpRequest.Get(path, target) : options.Payload;
        ProbeConnection connection = new(channel, options, request, _seen, reconnect);
        if (channel is not TlsChannel tls || await AuthenticateAsync(tls, connection, cancellation).ConfigureAwait(false))
            await ProbeAction.For(probe).RunAsync(connection, cancellation).ConfigureAwait(false);
        _seen.BytesSent = socket.BytesSent;
        _seen.BytesReceived = socket.BytesReceived + _seen.Unread;
        _seen.CloseNotify = channel.CloseNotify;
    }

    private async Task<bool> AuthenticateAsync(TlsChannel tls, ProbeConnection connection, CancellationToken cancellation)
    {
        _seen.TlsError = await tls.AuthenticateAsync(options.TlsName ?? target.ComputerName, options.ConnectTimeout, cancellation).ConfigureAwait(false);
        _error = _seen.TlsError ?? tls.CertificateError;
        _clock.Secured();
        if (_seen.TlsError is null)
            return true;

        // A server without TLS, or without a common version, closes soon, usually after an alert.
        await connection.AwaitCloseAsync(connection.AnswerWait, cancellation).ConfigureAwait(false);
        return false;
    }

    /// <summary>Closes the connection after the probe is complete and its packets were analyzed.</summary>
    private void Leave(AsyncTracedSocket socket)
    {
        if (_seen.Mechanism == CloseMechanism.Silence)
            socket.Abort();
        else
            socket.Close();
    }

    private TeardownTest Report()
    {
        TeardownDiagnosis diagnosis = TeardownDiagnosis.Of(_seen);
        return new TeardownTest
        {
            ComputerName = target.ComputerName,
            Address = _address?.ToString() ?? "",
            Port = target.Port,
            Probe = probe,
            Iteration = iteration,
            Status = diagnosis.Status,
            StartTime = _startTime,
            Duration = Stopwatch.GetElapsedTime(_begin).TotalSeconds,
            ConnectTime = _seen.ConnectTime?.TotalSeconds,
            State = diagnosis.State,
            ClosedBy = diagnosis.ClosedBy,
            Mechanism = diagnosis.Mechanism,
            ClosedAfter = _seen.ClosedAfter?.TotalSeconds,
            SafeIdleSeconds = diagnosis.SafeIdleSeconds,
            ReadAfterClose = _seen.Read,
            FirstWriteAfterClose = _seen.FirstWrite,
            SecondWriteAfterClose = _seen.SecondWrite,
            ResetAfter = _seen.ResetAfter?.TotalSeconds,
            BytesReceived = _seen.BytesReceived,
            Requests = _seen.Requests,
            TlsCloseNotify = diagnosis.Mechanism == CloseMechanism.None && _seen.CloseNotify != true ? null : _seen.CloseNotify,
            TcpState = _states,
            BrokenPipe = diagnosis.BrokenPipe,
            Cause = diagnosis.Cause,
            Confidence = diagnosis.Confidence,
            KnownTimer = diagnosis.KnownTimer,
            Explanation = diagnosis.Explanation,
            Advice = diagnosis.Advice,
            Error = _error,
            Alternatives = [.. diagnosis.Alternatives],
            Steps = [.. _trace.Steps],
            Connection = _seen.Packets,
            CaptureNote = _captureNote,
        };
    }
}
