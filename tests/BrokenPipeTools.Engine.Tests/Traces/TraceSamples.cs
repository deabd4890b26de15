using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Traces;

/// <summary>One connection in every format: the server closes, the client writes, and the server's host answers with a RST.</summary>
internal static class TraceSamples
{
    public const string Tcpdump4 = """
        12:00:01.000000 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [S], seq 3305605588, win 64240, options [mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7], length 0
        12:00:01.010000 IP 198.51.100.3.443 > 192.0.2.10.40000: Flags [S.], seq 3463004079, ack 3305605589, win 65160, options [mss 1460,sackOK,TS val 90 ecr 10,nop,wscale 7], length 0
        12:00:01.010050 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [.], ack 1, win 502, options [nop,nop,TS val 20 ecr 90], length 0
        12:00:01.010100 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [P.], seq 1:6, ack 1, win 502, options [nop,nop,TS val 20 ecr 90], length 5
        12:00:01.020000 IP 198.51.100.3.443 > 192.0.2.10.40000: Flags [F.], seq 1, ack 6, win 510, options [nop,nop,TS val 100 ecr 20], length 0
        12:00:01.020050 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [.], ack 2, win 502, options [nop,nop,TS val 30 ecr 100], length 0
        12:00:02.020000 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [P.], seq 6:11, ack 2, win 502, options [nop,nop,TS val 1030 ecr 100], length 5
        12:00:02.030000 IP 198.51.100.3.443 > 192.0.2.10.40000: Flags [R], seq 3463004081, win 0, length 0
        """;

    public const string Tcpdump3 = """
        12:00:01.000000 192.0.2.10.40000 > 198.51.100.3.443: S 3305605588:3305605588(0) win 5840 <mss 1460,sackOK,timestamp 10 0,nop,wscale 7> (DF) (ttl 64, id 4711)
        12:00:01.010000 198.51.100.3.443 > 192.0.2.10.40000: S 3463004079:3463004079(0) ack 3305605589 win 5792 <mss 1460,sackOK,timestamp 90 10,nop,wscale 7> (DF) (ttl 57, id 0)
        12:00:01.010050 192.0.2.10.40000 > 198.51.100.3.443: . ack 1 win 46 <nop,nop,timestamp 20 90> (DF) (ttl 64, id 4712)
        12:00:01.010100 192.0.2.10.40000 > 198.51.100.3.443: P 1:6(5) ack 1 win 46 <nop,nop,timestamp 20 90> (DF) [tos 0x10]  (ttl 64, id 4713)
        12:00:01.020000 198.51.100.3.443 > 192.0.2.10.40000: F 1:1(0) ack 6 win 46 <nop,nop,timestamp 100 20> (DF) (ttl 57, id 9001)
        12:00:01.020050 192.0.2.10.40000 > 198.51.100.3.443: . ack 2 win 46 <nop,nop,timestamp 30 100> (DF) (ttl 64, id 4714)
        12:00:02.020000 192.0.2.10.40000 > 198.51.100.3.443: P 6:11(5) ack 2 win 46 <nop,nop,timestamp 1030 100> (DF) (ttl 64, id 4715)
        12:00:02.030000 198.51.100.3.443 > 192.0.2.10.40000: R 3463004081:3463004081(0) win 0 (DF) (ttl 57, id 0)
        """;

    public const string Any = """
        12:00:01.000000 eth0  Out IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [S], seq 1000, win 64240, length 0
        12:00:01.010000 eth0  In  IP 198.51.100.3.443 > 192.0.2.10.40000: Flags [S.], seq 2000, ack 1001, win 65160, length 0
        12:00:01.010050 eth0  Out IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [.], ack 1, win 502, length 0
        12:00:01.010100 eth0  Out IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [P.], seq 1:6, ack 1, win 502, length 5
        12:00:01.020000 eth0  In  IP 198.51.100.3.443 > 192.0.2.10.40000: Flags [F.], seq 1, ack 6, win 510, length 0
        12:00:01.020050 eth0  Out IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [.], ack 2, win 502, length 0
        12:00:02.020000 eth0  Out IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [P.], seq 6:11, ack 2, win 502, length 5
        12:00:02.030000 eth0  In  IP 198.51.100.3.443 > 192.0.2.10.40000: Flags [R], seq 2002, win 0, length 0
        """;

    public const string IPv6 = """
        12:00:01.000000 IP6 2001:db8::10.40000 > 2001:db8::3.443: Flags [S], seq 1000, win 64240, options [mss 1440], length 0
        12:00:01.010000 IP6 2001:db8::3.443 > 2001:db8::10.40000: Flags [S.], seq 2000, ack 1001, win 65160, options [mss 1440], length 0
        12:00:01.010050 IP6 2001:db8::10.40000 > 2001:db8::3.443: Flags [.], ack 1, win 502, length 0
        12:00:01.010100 IP6 2001:db8::10.40000 > 2001:db8::3.443: Flags [P.], seq 1:6, ack 1, win 502, length 5
        12:00:01.020000 IP6 2001:db8::3.443 > 2001:db8::10.40000: Flags [F.], seq 1, ack 6, win 510, length 0
        12:00:01.020050 IP6 2001:db8::10.40000 > 2001:db8::3.443: Flags [.], ack 2, win 502, length 0
        12:00:02.020000 IP6 2001:db8::10.40000 > 2001:db8::3.443: Flags [P.], seq 6:11, ack 2, win 502, length 5
        12:00:02.030000 IP6 2001:db8::3.443 > 2001:db8::10.40000: Flags [R], seq 2002, win 0, length 0
        """;

    public const string Tshark = """
            1   0.000000 192.0.2.10 → 198.51.100.3 TCP 74 40000 → 443 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=10 TSecr=0 WS=128
            2   0.010000 198.51.100.3 → 192.0.2.10 TCP 74 443 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460 SACK_PERM TSval=90 TSecr=10 WS=128
            3   0.010050 192.0.2.10 → 198.51.100.3 TCP 66 40000 → 443 [ACK] Seq=1 Ack=1 Win=64256 Len=0 TSval=20 TSecr=90
            4   0.010100 192.0.2.10 → 198.51.100.3 SSL 71 Continuation Data
            5   0.020000 198.51.100.3 → 192.0.2.10 TCP 66 443 → 40000 [FIN, ACK] Seq=1 Ack=6 Win=65280 Len=0 TSval=100 TSecr=20
            6   0.020050 192.0.2.10 → 198.51.100.3 TCP 66 40000 → 443 [ACK] Seq=6 Ack=2 Win=64256 Len=0 TSval=30 TSecr=100
            7   1.020000 192.0.2.10 → 198.51.100.3 TCP 71 40000 → 443 [PSH, ACK] Seq=6 Ack=2 Win=64256 Len=5 TSval=1030 TSecr=100
            8   1.030000 198.51.100.3 → 192.0.2.10 TCP 54 443 → 40000 [RST] Seq=2 Win=0 Len=0
        """;

    /// <summary>Wireshark 1.x: other arrows, a service name, no spaces, an option with a value.</summary>
    public static string OldTshark { get; } = Tshark.Replace("192.0.2.10 → ", "192.0.2.10 -> ", StringComparison.Ordinal).Replace("198.51.100.3 → ", "198.51.100.3 -> ", StringComparison.Ordinal)
        .Replace("40000 → 443", "40000→https", StringComparison.Ordinal).Replace("443 → 40000", "https > 40000", StringComparison.Ordinal).Replace("SACK_PERM", "SACK_PERM=1", StringComparison.Ordinal);

    public static string List { get; } = "No.     Time           Source                Destination           Protocol Length Info\n"
        + Tshark.Replace("10 → 198.51", "10          198.51", StringComparison.Ordinal).Replace("100.3 → 192", "100.3          192", StringComparison.Ordinal);

    public static string Csv { get; } = "\"No.\",\"Time\",\"Source\",\"Destination\",\"Protocol\",\"Length\",\"Info\"\n" + string.Join('\n', Rows().Select(cells => string.Join(',', cells.Select(cell => $"\"{cell.Replace("→", " > ", StringComparison.Ordinal)}\""))));

    public static string Tabs { get; } = string.Join('\n', Rows().Select(cells => string.Join('\t', cells)));

    /// <summary>Columns that a user has chosen, in the user's order.</summary>
    public static string OwnColumns { get; } = "No.\tDelta\tTime\tSource\tSrc Port\tDestination\tDst Port\tProtocol\tLength\tInfo\n"
        + string.Join('\n', Rows().Select(c => string.Join('\t', c[0], "0.5", c[1], c[2], c[2].StartsWith("192", StringComparison.Ordinal) ? "40000" : "443", c[3], c[3].StartsWith("192", StringComparison.Ordinal) ? "40000" : "443", c[4], c[5], c[6])));

    /// <summary>All samples, by name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["tcpdump 4"] = Tcpdump4,
        ["tcpdump 3"] = Tcpdump3,
        ["any"] = Any,
        ["IPv6"] = IPv6,
        ["tshark"] = Tshark,
        ["tshark 1"] = OldTshark,
        ["list"] = List,
        ["CSV"] = Csv,
        ["tabs"] = Tabs,
        ["own columns"] = OwnColumns,
        ["placeholders"] = Tcpdump4.Replace("192.0.2.10", "<CLIENT>", StringComparison.Ordinal).Replace("198.51.100.3", "<SERVER>", StringComparison.Ordinal),
        ["names"] = Tcpdump4.Replace("192.0.2.10.", "ip-192-0-2-10.example.", StringComparison.Ordinal).Replace("198.51.100.3.443", "db.example.https", StringComparison.Ordinal),
        ["hidden"] = Tcpdump4.Replace("192.0.2.10.", "xxx.xxx.xxx.xxx.", StringComparison.Ordinal).Replace("198.51.100.3.", "remote.host.ip.", StringComparison.Ordinal),
        ["dates"] = Tcpdump4.Replace("12:00:0", "2024-05-01 12:00:0", StringComparison.Ordinal),
        ["link layer"] = Tcpdump4.Replace(" IP ", " 02:00:00:00:00:0a > 02:00:00:00:00:0b, ethertype IPv4 (0x0800), length 71: ", StringComparison.Ordinal),
        ["two lines"] = Tcpdump4.Replace(" IP ", " IP (tos 0x10, ttl 64, id 4711, offset 0, flags [DF], proto TCP (6), length 57)\n    ", StringComparison.Ordinal).Replace("], ", "], cksum 0x1234 (incorrect -> 0x5678), ", StringComparison.Ordinal),
        ["absolute"] = string.Join('\n', Tcpdump4.Split('\n').Select(Absolute)),
    };

    /// <summary>Returns the cells of each row of tshark: number, time, source, destination, protocol, length, info.</summary>
    private static IEnumerable<string[]> Rows()
    {
        foreach (string line in Tshark.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries);
            yield return [words[0], words[1], words[2], words[4], words[5], words[6], words[7]];
        }
    }

    private static string Absolute(string line) => line
        .Replace("seq 1:6, ack 1,", "seq 3305605589:3305605594, ack 3463004080,", StringComparison.Ordinal)
        .Replace("seq 6:11, ack 2,", "seq 3305605594:3305605599, ack 3463004081,", StringComparison.Ordinal)
        .Replace("seq 1, ack 6,", "seq 3463004080, ack 3305605594,", StringComparison.Ordinal)
        .Replace("[.], ack 1,", "[.], ack 3463004080,", StringComparison.Ordinal)
        .Replace("[.], ack 2,", "[.], ack 3463004081,", StringComparison.Ordinal);
}
