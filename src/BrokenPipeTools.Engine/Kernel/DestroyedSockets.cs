using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using BrokenPipeTools.Primitives;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// Receives a message for each TCP socket that is destroyed in a network namespace (sock_diag_broadcast_destroy(), net/core/sock_diag.c). Needs no
/// privilege in this process's own namespace. The messages contain no user and no inode, and the state in them is always CLOSE.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DestroyedSockets : IDisposable
{
    private const int Netlink = 16; // AF_NETLINK
    private const int Raw = 3 | 0x80000; // SOCK_RAW | SOCK_CLOEXEC
    private const int SockDiag = 4; // NETLINK_SOCK_DIAG
    private const int Groups = 1 << 0 | 1 << 2; // SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY; each bit is the group's number less 1
    private const int SocketLevel = 1, ReceiveBuffer = 8, ReceiveTimeout = 20, ForceReceiveBuffer = 33; // SOL_SOCKET, SO_RCVBUF, SO_RCVTIMEO, SO_RCVBUFFORCE
    private const int Peek = 2, DoNotWait = 0x40; // MSG_PEEK, MSG_DONTWAIT
    private const int BufferBytes = 8 << 20; // bytes for about 10,000 messages; without root the bound is net.core.rmem_max
    private const int NoBuffer = 105; // ENOBUFS: messages were lost
    private const int Interrupted = 4; // EINTR
    private const int MessageLength = 1 << 13; // bytes; Linux 6.18 sends 380
    private const int MostMessages = 100_000; // the most messages that one call of Read returns

    /// <summary>The longest wait for a message, in milliseconds.</summary>
    public const int MaxWait = 50;

    private readonly SafeFileHandle _socket;
    private readonly SafeFileHandle? _list;
    private readonly byte[] _message = new byte[MessageLength];
    private readonly byte[] _text = new byte[1 << 20];
    private readonly string _inode;

    private DestroyedSockets(SafeFileHandle socket, SafeFileHandle? list)
    {
        _socket = socket;
        _list = list;
        string link = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{Descriptor}")).LinkTarget ?? "";
        _inode = link.Replace("socket:[", "", StringComparison.Ordinal).TrimEnd(']');
    }

    /// <summary>
    /// The number of messages that the kernel dropped, by its own count. If that count cannot be read, one for each loss that the kernel reports.
    /// </summary>
    public long Lost { get; private set; }

    private int Descriptor => (int)_socket.DangerousGetHandle();

    /// <summary>Joins the netlink groups. From now on the kernel sends the messages.</summary>
    /// <param name="place">The network namespace; null for this process's own.</param>
    /// <exception cref="Win32Exception">The kernel does not allow it.</exception>
    /// <exception cref="NetworkNamespaceException">The namespace cannot be entered.</exception>
    public static DestroyedSockets Open(NetworkNamespace? place)
    {
        SafeFileHandle socket = new(place?.OpenDescriptor(Netlink, Raw, SockDiag) ?? Check(OpenSocket(Netlink, Raw, SockDiag)), ownsHandle: true);
        try
        {
            int descriptor = (int)socket.DangerousGetHandle();
            int size = BufferBytes;
            if (SetOption(descriptor, SocketLevel, ForceReceiveBuffer, ref size, sizeof(int)) != 0)
                Check(SetOption(descriptor, SocketLevel, ReceiveBuffer, ref size, sizeof(int)));
            long[] timeout = [0, MaxWait * Nanoseconds.PerMillisecond / Nanoseconds.PerMicrosecond]; // struct timeval
            Check(SetTime(descriptor, SocketLevel, ReceiveTimeout, timeout, sizeof(long) * timeout.Length));
            NetlinkAddress address = new() { Family = Netlink, Groups = Groups };
            Check(Bind(descriptor, ref address, Marshal.SizeOf<NetlinkAddress>()));
            return new DestroyedSockets(socket, OpenList(place));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits until there is a message, for <see cref="MaxWait"/> milliseconds at most.</summary>
    public void Wait() => _ = Receive(Descriptor, _message, _message.Length, Peek); // the result does not matter: a read follows

    /// <summary>Reads the available messages, without waiting.</summary>
    /// <exception cref="Win32Exception">The messages cannot be read.</exception>
    public List<DiagnosedSocket> Read()
    {
        List<DiagnosedSocket> ended = [];
        while (ended.Count < MostMessages)
        {
            nint length = Receive(Descriptor, _message, _message.Length, DoNotWait);
            if (length > 0)
            {
                DiagnosticMessages.Read(_message.AsSpan(0, (int)length), request: 0, ended);
                continue;
            }

            int errno = length < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (errno == NoBuffer)
                Lost = Math.Max(Lost + 1, Drops() ?? 0);
            else if (errno != Interrupted)
                break; // EAGAIN: no further message
        }

        return ended;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _list?.Dispose();
    }

    private static SafeFileHandle? OpenList(NetworkNamespace? place)
    {
        const string Path = "/proc/thread-self/net/netlink";
        try
        {
            return place is null ? File.OpenHandle(Path) : place.OpenFile(Path, 0); // O_RDONLY
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NetworkNamespaceException)
        {
            return null; // a sandbox without this file
        }
    }

    /// <summary>
    /// Reads the column Drops in the line of this socket (netlink_native_seq_show(), net/netlink/af_netlink.c). Returns null if it cannot be read.
    /// </summary>
    private long? Drops()
    {
        const int DropsColumn = 8, InodeColumn = 9;
        int length = 0;
        while (_list is not null && length < _text.Length && RandomAccess.Read(_list, _text.AsSpan(length), length) is > 0 and int read)
            length += read;
        string[]? line = Encoding.ASCII.GetString(_text, 0, length).Split('\n').Select(one => one.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(one => one.Length > InodeColumn && one[InodeColumn] == _inode);
        return line is not null && long.TryParse(line[DropsColumn], NumberStyles.None, CultureInfo.InvariantCulture, out long drops) ? drops : null;
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    /// <summary>struct sockaddr_nl (include/uapi/linux/netlink.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint Port;
        public uint Groups;
    }

    [DllImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static extern int OpenSocket(int domain, int type, int protocol);

    [DllImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static extern int Bind(int descriptor, ref NetlinkAddress address, int length);

    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int SetOption(int descriptor, int level, int name, ref int value, int length);

    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int SetTime(int descriptor, int level, int name, long[] value, int length);

    [DllImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static extern nint Receive(int descriptor, byte[] bytes, nint length, int flags);
}
