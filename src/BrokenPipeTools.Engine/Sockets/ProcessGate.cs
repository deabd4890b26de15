using System.Diagnostics;
using System.Net.Sockets;

namespace BrokenPipeTools.Sockets;

/// <summary>
/// Excludes starting a process and closing a socket at the same time. Between fork and exec a child holds copies of all descriptors of this
/// process (close-on-exec acts at exec), and a socket sends its FIN or RST when its last copy is closed: a close at that moment would
/// be on the wire some time after the call has returned. Neither side of the gate waits for anything but the kernel: no close lingers
/// (SO_LINGER is off or 0), and .NET's start returns when the child's exec is done (SystemNative_ForkAndExecProcess).
/// </summary>
internal static class ProcessGate
{
    private static readonly object Key = new();

    /// <summary>Starts a process. Returns after its exec.</summary>
    public static Process? Start(ProcessStartInfo start)
    {
        lock (Key)
            return Process.Start(start);
    }

    /// <summary>Starts a process that inherits a descriptor of its own, which no other child does.</summary>
    /// <param name="start">The program.</param>
    /// <param name="open">Makes the descriptor: one that is not closed on exec.</param>
    /// <param name="close">Closes it again, also if the process could not be started.</param>
    public static Process? Start(ProcessStartInfo start, Func<int> open, Action<int> close)
    {
        lock (Key)
        {
            int descriptor = open();
            try
            {
                return Process.Start(start);
            }
            finally
            {
                close(descriptor);
            }
        }
    }

    /// <summary>Closes a socket while no child has a copy of it by accident.</summary>
    public static void Close(Socket socket)
    {
        lock (Key)
            socket.Close();
    }
}
