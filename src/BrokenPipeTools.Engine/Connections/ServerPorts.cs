namespace BrokenPipeTools.Connections;

/// <summary>
/// Guesses which end is the server, if the capture does not show which one opened. The record marks the guess (OpenerKnown).
/// </summary>
internal static class ServerPorts
{
    private const ushort FirstUnprivileged = 1024;

    /// <summary>Lower ports are not given to clients by any system by default: Linux begins at 32768, IANA and the others at 49152.</summary>
    private const ushort FirstEphemeral = 32768;

    /// <summary>
    /// Returns whether Zeek's protocol scripts register a port for TCP (its likely_server_ports). Zeek uses them to decide whether to exchange the
    /// two ends of a connection whose begin it did not see.
    /// </summary>
    public static bool IsLikely(ushort port) => port is 20 or 21 or 22 or 25 or 53 or 79 or 80 or 81 or 88 or 135 or 139 or 143 or 389
        or 443 or 445 or 502 or 514 or 563 or 585 or 587 or 614 or 631 or 636 or 989 or 990 or 992 or 993 or 995
        or 1080 or 1434 or 1883 or 2811 or 3128 or 3268 or 3306 or 3389 or 5060 or 5222 or 5223 or 5269 or 5432 or 5900
        or 6379 or 6666 or 6667 or 6668 or 6669 or 8000 or 8080 or 8443 or 8888 or 20000;

    /// <summary>
    /// Returns whether a port is a server's by Zeek's list or IANA's registry. Many are above those of privileged clients (NFS, rsh), and some are
    /// among the ephemeral ones.
    /// </summary>
    private static bool IsRegistered(ushort port) => IsLikely(port) || port is 179 or 1433 or 1521 or 1723 or 2049 or 2181 or 2379 or 2380
        or 3260 or 3478 or 3868 or 4222 or 5044 or 5201 or 5601 or 5671 or 5672 or 5984 or 6380 or 6443 or 6653 or 8081 or 8883 or 9042 or 9090
        or 9092 or 9093 or 9200 or 9300 or 10250 or 11211 or 25672 or 26379 or 27017 or 33060 or 50051 or 61613 or 61616;

    /// <summary>
    /// Returns a positive number if <paramref name="a"/> is more likely the server's port than <paramref name="b"/>, a negative one for the opposite,
    /// 0 if both are equally likely.
    /// </summary>
    public static int Compare(ushort a, ushort b)
    {
        int known = IsRegistered(a).CompareTo(IsRegistered(b));
        if (known != 0)
            return known;
        int privileged = (a < FirstUnprivileged).CompareTo(b < FirstUnprivileged);
        return privileged != 0 ? privileged : (a < FirstEphemeral).CompareTo(b < FirstEphemeral);
    }
}
