using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Kernel;

/// <summary>Lists all TCP sockets of a network namespace (sock_diag(7)). Needs no privilege.</summary>
[SupportedOSPlatform("linux")]
internal static class SocketDiagnostics
{
    private const int Netlink = 16; // AF_NETLINK
    private const int Raw = 3 | 0x80000; // SOCK_RAW | SOCK_CLOEXEC
    private const int SockDiag = 4; // NETLINK_SOCK_DIAG
    private const int SocketLevel = 1, ReceiveTimeout = 20; // SOL_SOCKET, SO_RCVTIMEO
    private const int RequestLength = 72; // nlmsghdr and inet_diag_req_v2
    private const ushort RequestDump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
    private const byte ProtocolTcp = 6;
    private const byte Extensions = 1 << 1 | 1 << 6; // INET_DIAG_INFO, INET_DIAG_SKMEMINFO; each bit is the attribute's number less 1
    private const int Tries = 3;
    private const int BufferLength = 1 << 16; // the kernel fills at most 32 KiB
    private const int Interrupted = 4; // EINTR

    /// <summary>Lists the sockets of both IP versions.</summary>
    /// <param name="place">The network namespace; null for this process's own.</param>
    /// <exception cref="Win32Exception">The kernel returned an error.</exception>
    /// <exception cref="NetworkNamespaceException">The namespace cannot be entered.</exception>
    public static List<DiagnosedSocket> List(NetworkNamespace? place)
    {
        int descriptor = place?.OpenDescriptor(Netlink, Raw, SockDiag) ?? Check(OpenSocket(Netlink, Raw, SockDiag));
        using SafeFileHandle socket = new(descriptor, ownsHandle: true);
        long[] timeout = [5, 0]; // struct timeval; the kernel usually answers immediately
        Check(SetOption(descriptor, SocketLevel, ReceiveTimeout, timeout, sizeof(long) * timeout.Length));
        List<DiagnosedSocket> all = [];
        uint request = 0;
        foreach (byte family in (byte[])[2, 10]) // AF_INET, AF_INET6
            all.AddRange(Dump(descriptor, family, ref request));
        return all;
    }

    private static List<DiagnosedSocket> Dump(int descriptor, byte family, ref uint request)
    {
        byte[] buffer = new byte[BufferLength];
        for (int i = 1; ; i++)
        {
            byte[] question = Question(family, ++request);
            Check((int)Send(descriptor, question, question.Length, 0));
            List<DiagnosedSocket> sockets = [];
            bool isInterrupted = false;
            DumpProgress progress;
            do
            {
                nint read = Receive(descriptor, buffer, buffer.Length, 0);
                if (read < 0 && Marshal.GetLastPInvokeError() == Interrupted)
                {
                    progress = default;
                    continue;
                }

                progress = DiagnosticMessages.Read(buffer.AsSpan(0, Check((int)read)), request, sockets);
                isInterrupted |= progress.IsInterrupted;
            }
            while (!progress.IsDone);
            if (progress.Errno != 0)
                throw new Win32Exception((int)progress.Errno);
            if (!isInterrupted || i == Tries)
                return sockets;
        }
    }

    private static byte[] Question(byte family, uint request)
    {
        byte[] question = new byte[RequestLength];
        BitConverter.TryWriteBytes(question, RequestLength);
        BitConverter.TryWriteBytes(question.AsSpan(4), DiagnosticMessages.ByFamily);
        BitConverter.TryWriteBytes(question.AsSpan(6), RequestDump);
        BitConverter.TryWriteBytes(question.AsSpan(8), request);
        question[16] = family;
        question[17] = ProtocolTcp;
        question[18] = Extensions;
        BitConverter.TryWriteBytes(question.AsSpan(20), uint.MaxValue); // all states
        return question;
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [DllImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static extern int OpenSocket(int domain, int type, int protocol);

    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int SetOption(int descriptor, int level, int name, long[] value, int length);

    [DllImport("libc", EntryPoint = "send", SetLastError = true)]
    private static extern nint Send(int descriptor, byte[] bytes, nint length, int flags);

    [DllImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static extern nint Receive(int descriptor, byte[] bytes, nint length, int flags);
}
