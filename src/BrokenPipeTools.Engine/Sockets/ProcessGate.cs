using System.Diagnostics;
using System.Net.Sockets;

namespace BrokenPipeTools.Sockets;

/// <summary>
/// Prevents that a process is started while a socket is closed. Between fork and exec, a child holds copies of all descriptors of this process
/// (close-on-exec acts at exec). A socket sends its FIN or RST only when its last copy is closed, so a close at that moment would return before its
/// packet is sent. Both operations wait only for the kernel: no close lingers (SO_LINGER is off or 0), and .NET's start returns after the child's
/// exec (SystemNative_ForkAndExecProcess).
/// </summary>
internal static class ProcessGate
{
    private static readonly object Key = new();

    /// <summary>Starts a process. Returns after the exec of the process.</summary>
    public static Process? Start(ProcessStartInfo start)
    {
        lock (Key)
            return Process.Start(start);
    }

    /// <summary>Starts a process that inherits one additional descriptor. No other child inherits it.</summary>
    /// <param name="start">The program.</param>
    /// <param name="open">Makes the descriptor. It must not be closed on exec.</param>
    /// <param name="close">Closes the descriptor again, also if the process could not be started.</param>
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

    /// <summary>Closes a socket at a time when no child has an accidental copy of it.</summary>
    public static void Close(Socket socket)
    {
        lock (Key)
            socket.Close();
    }
}
