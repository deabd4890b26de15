using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BrokenPipeTools.Cli;

/// <summary>
/// Handles Ctrl+C (SIGINT) and SIGTERM. The first signal cancels the command, which then has three seconds to end, because a live capture still has
/// to write its open connections. The second signal, or the end of the three seconds, ends the process. A signal right after the first is the same
/// one: timeout(1) sends its signal to the command and to the group, and the command is in both.
/// </summary>
internal sealed class Termination : IDisposable
{
    /// <summary>The exit code of a command that was interrupted: 128 plus the number of SIGINT, as in shells.</summary>
    public const int Interrupted = Base + InterruptNumber;

    private const int Base = 128;
    private const int InterruptNumber = 2;
    private const int TerminateNumber = 15;

    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(3);

    /// <summary>A signal that follows the first within this time is the same one. Two presses of Ctrl+C take longer.</summary>
    private static readonly TimeSpan SameSignal = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private long _first;
    private volatile int _exitCode = Interrupted;

    public Termination()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Returns the exit code of the process. <see cref="Interrupted"/> is replaced by the code of the signal that actually came.</summary>
    public int ExitCodeFor(int commandCode) => commandCode == Interrupted ? _exitCode : commandCode;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _cancellation.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        long first = Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0);
        context.Cancel = first == 0 || Stopwatch.GetElapsedTime(first) < SameSignal; // otherwise the signal has its usual effect: the process ends
        if (first != 0)
            return;
        int exitCode = _exitCode = Base + (context.Signal == PosixSignal.SIGINT ? InterruptNumber : TerminateNumber);
        Thread limit = new(() =>
        {
            Thread.Sleep(GracePeriod);
            Environment.Exit(exitCode);
        }) { IsBackground = true };
        limit.Start();
        _cancellation.Cancel();
    }
}
