using System.Runtime.InteropServices;

namespace BrokenPipeTools.Cli;

/// <summary>
/// Handles Ctrl+C (SIGINT) and SIGTERM. The first signal cancels the command, which then has three seconds to end, because a live capture still has
/// to write its open connections. The second signal, or the end of the three seconds, ends the process.
/// </summary>
internal sealed class Termination : IDisposable
{
    /// <summary>The exit code of a command that was interrupted: 128 plus the number of SIGINT, as in shells.</summary>
    public const int Interrupted = Base + InterruptNumber;

    private const int Base = 128;
    private const int InterruptNumber = 2;
    private const int TerminateNumber = 15;

    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _signals;
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
        if (Interlocked.Increment(ref _signals) > 1)
            return; // the signal's usual effect: the process ends
        context.Cancel = true;
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
