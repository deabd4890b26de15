namespace BrokenPipeTools.Kernel;

/// <summary>Reads the messages of a netlink datagram (struct nlmsghdr, include/uapi/linux/netlink.h) that answers a dump of sockets.</summary>
internal static class DiagnosticMessages
{
    /// <summary>SOCK_DIAG_BY_FAMILY, include/uapi/linux/sock_diag.h.</summary>
    public const ushort ByFamily = 20;

    private const int Header = 16;
    private const ushort Error = 2, Done = 3;
    private const ushort Interrupted = 0x10; // NLM_F_DUMP_INTR

    /// <summary>Adds the sockets of a datagram to a list. Skips damaged messages, and answers to other requests.</summary>
    public static DumpProgress Read(ReadOnlySpan<byte> datagram, uint request, List<DiagnosedSocket> sockets)
    {
        DumpProgress progress = default;
        while (datagram.Length >= Header)
        {
            uint length = BitConverter.ToUInt32(datagram);
            if (length < Header || length > datagram.Length)
                break;
            ReadOnlySpan<byte> body = datagram[Header..(int)length];
            ushort type = BitConverter.ToUInt16(datagram[4..]);
            if (BitConverter.ToUInt32(datagram[8..]) == request)
            {
                progress = progress with { IsInterrupted = progress.IsInterrupted || (BitConverter.ToUInt16(datagram[6..]) & Interrupted) != 0 };
                if (type is Done or Error)
                    return progress with { IsDone = true, Errno = body.Length >= 4 ? Math.Abs((long)BitConverter.ToInt32(body)) : 0 };
                if (type == ByFamily && DiagnosedSocket.Read(body) is { } socket)
                    sockets.Add(socket);
            }

            datagram = datagram[Math.Min(datagram.Length, (int)((length + 3) & ~3u))..]; // NLMSG_ALIGN
        }

        return progress;
    }
}

/// <summary>The progress of a dump after a datagram.</summary>
/// <param name="IsDone">Whether the dump is complete.</param>
/// <param name="Errno">The error that ended the dump; 0 if there was none.</param>
/// <param name="IsInterrupted">Whether the kernel's tables changed during the dump, so that some sockets may be missing or repeated.</param>
internal readonly record struct DumpProgress(bool IsDone, long Errno, bool IsInterrupted);
