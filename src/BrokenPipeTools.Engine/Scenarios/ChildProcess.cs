using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios;

/// <summary>
/// A process that owns one end of a connection and does nothing with it, so that it can be killed: what the kernel then sends is
/// what it sends for any program that dies.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ChildProcess : IDisposable
{
    /// <summary>It ends by itself, should even we be killed.</summary>
    private const string LifetimeSeconds = "60";

    /// <summary>A descriptor that may be inherited is inherited by every child: one at a time.</summary>
    private static readonly object OneAtATime = new();

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Starts the process, gives it the socket, and closes ours.</summary>
    /// <exception cref="InvalidOperationException">The descriptor cannot be copied, or the process not be started.</exception>
    public static ChildProcess TakeOver(TracedSocket socket)
    {
        lock (OneAtATime)
        {
            // .NET's descriptors are closed on exec; dup(2) leaves that off.
            int inherited = Dup((int)socket.Socket.Handle);
            if (inherited < 0)
                throw new InvalidOperationException("the socket's descriptor could not be copied");
            try
            {
                ProcessStartInfo sleep = new("sleep", LifetimeSeconds);
                Process process = Process.Start(sleep) ?? throw new InvalidOperationException("sleep could not be started");
                socket.Dispose();
                return new ChildProcess(process);
            }
            finally
            {
                _ = CloseDescriptor(inherited);
            }
        }
    }

    /// <summary>SIGKILL: the process cannot prepare for it.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Dup(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int CloseDescriptor(int descriptor);
}
