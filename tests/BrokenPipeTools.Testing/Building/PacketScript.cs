using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Building;

/// <summary>
/// A script for connections: one segment per line, in the abbreviations of <see cref="ConnectionClose.Sequence"/>.
/// <code>
///     C:SYN
///     S:SYN-ACK
///     C:ACK
///     +1.5 C:DATA(5)          1.5 seconds after the line before (else 1 ms); -1.5: the clock went back
///     S:RST seq=2 ack=none    numbers relative to each side's initial one
/// </code>
/// Sequence and acknowledgment numbers follow from the lines before, unless given. Words: SYN SYN-ACK ACK DATA(n) FIN FIN(n) RST
/// RST-ACK KEEPALIVE. Keys: seq ack win ttl id len (payload), flags (letters SFRPA), conn (which connection; its client port is
/// 40000 + conn), to (the server's port, else 80), lost (the segment was sent but the capture does not have it), tls=alert, tls=data
/// (the payload is one TLS record of that type), hex (the payload), options (TCP options in hexadecimal), tos, df=1 (IPv4's DF; IPv6
/// needs none), sack=a-b (numbers of the other side), ts=a-b (timestamps). C:ICMP is a router's "host unreachable" that quotes the
/// client's last segment; keys type, code, mtu ("packet too big"), and seq: the number that it quotes. Scripts with their expected
/// records are in <c>tests/cases</c>.
/// </summary>
internal sealed partial class PacketScript
{
    private static readonly string[] Words = ["SYN", "SYN-ACK", "ACK", "DATA", "FIN", "RST", "RST-ACK", "KEEPALIVE", "ICMP"];
    private static readonly string[] Keys =
        ["seq", "ack", "win", "ttl", "id", "len", "flags", "conn", "to", "lost", "tls", "hex", "options", "tos", "df", "sack", "ts", "type", "code", "mtu"];

    /// <summary>The client port of connection 0.</summary>
    public const int FirstClientPort = 40000;

    private const uint ClientIsn = 1000;
    private const uint ServerIsn = 4_000_000_000;

    private readonly Dictionary<int, End[]> _connections = [];
    private readonly bool _ipv6;
    private long _time = 1_700_000_000_000_000_000;

    private PacketScript(bool ipv6) => _ipv6 = ipv6;

    private List<RawFrame> Frames { get; } = [];

    /// <summary>The records of the script's connections.</summary>
    public static List<ConnectionClose> Run(string script, bool ipv6 = false, AnalyzerOptions? options = null) =>
        Analyze.Bytes(CaptureBytes.Pcap(Build(script, ipv6), magic: 0xA1B23C4D), options);

    /// <summary>The record of the script's only connection.</summary>
    public static ConnectionClose One(string script, bool ipv6 = false, AnalyzerOptions? options = null) => Assert.Single(Run(script, ipv6, options));

    /// <summary>Returns whether a text is a line of a script: its segment and its keys are valid.</summary>
    public static bool IsLine(string line) => IsLine(Syntax().Match(line));

    private static bool IsLine(Match m) => m.Success && Words.Contains(m.Groups["word"].Value) && KeysOf(m).All(k => Keys.Contains(k.Name));

    public static List<RawFrame> Build(string script, bool ipv6 = false)
    {
        PacketScript builder = new(ipv6);
        foreach (string line in script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            builder.Line(line);
        return builder.Frames;
    }

    [GeneratedRegex(@"^(?:(?:\+(?<wait>[\d.]+)|(?<wait>-[\d.]+))\s+)?(?<side>[CS]):(?<word>[A-Z-]+)(?:\((?<n>\d+)\))?(?<keys>(?:\s+\w+=[\w-]+)*)$")]
    private static partial Regex Syntax();

    private void Line(string line)
    {
        Match m = Syntax().Match(line);
        Assert.True(IsLine(m), $"not a script line: {line}");
        Dictionary<string, string> keys = KeysOf(m).ToDictionary(k => k.Name, k => k.Value);
        _time += m.Groups["wait"].Success ? (long)(double.Parse(m.Groups["wait"].Value, CultureInfo.InvariantCulture) * Nanoseconds.PerSecond) : Nanoseconds.PerMillisecond;

        int number = Key(keys, "conn") is { } c ? int.Parse(c, CultureInfo.InvariantCulture) : 0;
        if (!_connections.TryGetValue(number, out End[]? ends))
            _connections[number] = ends = [new End { Isn = ClientIsn, Next = ClientIsn }, new End { Isn = ServerIsn, Next = ServerIsn }];
        bool fromClient = m.Groups["side"].Value == "C";
        (End from, End to) = fromClient ? (ends[0], ends[1]) : (ends[1], ends[0]);

        string word = m.Groups["word"].Value;
        if (word == "ICMP")
        {
            Frames.Add(new RawFrame(Wrap.Ethernet(IcmpError(from, keys))) { Time = _time });
            return;
        }

        TcpFlags flags = Key(keys, "flags") is { } letters ? Letters(letters) : FlagsOf(word);
        int length = Key(keys, "len") is { } l ? int.Parse(l, CultureInfo.InvariantCulture) : m.Groups["n"].Success ? int.Parse(m.Groups["n"].Value, CultureInfo.InvariantCulture) : 0;

        // A host without a socket answers a segment with a RST whose number is that segment's acknowledgment number.
        byte[]? payload = Key(keys, "hex") is { } hex ? Convert.FromHexString(hex) : null;
        length = payload?.Length ?? length;
        bool stateless = word == "RST";
        uint sequence = Key(keys, "seq") is { } s ? from.Isn + uint.Parse(s, CultureInfo.InvariantCulture)
            : word == "KEEPALIVE" ? from.Next - 1
            : stateless && to.LastAcknowledgment is { } asked ? asked : from.Next;
        uint acknowledgment = Key(keys, "ack") is { } a && a != "none" ? to.Isn + uint.Parse(a, CultureInfo.InvariantCulture) : to.Next;
        bool hasAck = (flags & TcpFlags.Ack) != 0;

        ushort client = (ushort)(FirstClientPort + number);
        ushort server = ushort.Parse(Key(keys, "to") ?? "80", CultureInfo.InvariantCulture);
        TcpPacket packet = new()
        {
            Source = Address(fromClient),
            Destination = Address(!fromClient),
            SourcePort = fromClient ? client : server,
            DestinationPort = fromClient ? server : client,
            Sequence = sequence,
            Acknowledgment = hasAck ? acknowledgment : 0,
            Flags = flags,
            Window = ushort.Parse(Key(keys, "win") ?? (stateless ? "0" : "502"), CultureInfo.InvariantCulture),
            TimeToLive = byte.Parse(Key(keys, "ttl") ?? "64", CultureInfo.InvariantCulture),
            IpIdentification = ushort.Parse(Key(keys, "id") ?? (stateless ? "0" : "77"), CultureInfo.InvariantCulture),
            Options = Key(keys, "options") is { } options ? Convert.FromHexString(options) : Key(keys, "sack") is { } sack ? Sack(sack, to.Isn) : Key(keys, "ts") is { } ts ? Timestamps(ts) : [],
            Payload = payload ?? (Key(keys, "tls") is null ? TcpPacket.Bytes(length) : [Key(keys, "tls") == "data" ? (byte)23 : (byte)21, 3, 3, 0, (byte)(length - 5), .. TcpPacket.Bytes(length - 5)]),
        };
        from.LastPacket = WithHeader(packet.ToIp(), byte.Parse(Key(keys, "tos") ?? "0", CultureInfo.InvariantCulture), Key(keys, "df") == "1");
        uint end = sequence + (uint)length + ((flags & TcpFlags.Syn) != 0 ? 1u : 0) + ((flags & TcpFlags.Fin) != 0 ? 1u : 0);
        if ((flags & TcpFlags.Rst) == 0 && (int)(end - from.Next) > 0)
            from.Next = end;
        if (hasAck)
            from.LastAcknowledgment = acknowledgment;
        if (Key(keys, "lost") is null)
            Frames.Add(new RawFrame(Wrap.Ethernet(from.LastPacket)) { Time = _time });
    }

    /// <summary>Makes an ICMP "host unreachable" (RFC 792, type 3, code 1; RFC 4443, section 3.1, code 3), or the ICMP error that the keys describe.</summary>
    private static byte[] IcmpError(End from, Dictionary<string, string> keys)
    {
        byte[] quoted = [.. from.LastPacket!];
        bool ipv6 = Ip.IsV6(quoted);
        int Number(string key, int otherwise) => Key(keys, key) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
        if (Key(keys, "seq") is { } sequence)
            BinaryPrimitives.WriteUInt32BigEndian(quoted.AsSpan((ipv6 ? 40 : 20) + 4), from.Isn + uint.Parse(sequence, CultureInfo.InvariantCulture));
        int mtu = Number("mtu", 0);
        byte[] message = [(byte)Number("type", ipv6 ? (mtu > 0 ? 2 : 1) : 3), (byte)Number("code", mtu > 0 ? (ipv6 ? 0 : 4) : ipv6 ? 3 : 1), 0, 0, 0, 0, (byte)(mtu >> 8), (byte)mtu, .. quoted];
        return ipv6 ? Ip.V6(Ip.B6, Ip.A6, 58, message) : Ip.V4(Ip.B4, Ip.A4, 1, message);
    }

    /// <summary>Makes the SACK option (RFC 2018, section 3), after two no-operations.</summary>
    private static byte[] Sack(string block, uint isn)
    {
        uint[] edges = [.. block.Split('-').Select(edge => isn + uint.Parse(edge, CultureInfo.InvariantCulture))];
        byte[] option = [1, 1, 5, 10, .. new byte[8]];
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(4), edges[0]);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(8), edges[1]);
        return option;
    }

    /// <summary>Returns the packet with a type of service or traffic class, and with IPv4's DF.</summary>
    private static byte[] WithHeader(byte[] ip, byte tos, bool df)
    {
        if (Ip.IsV6(ip))
        {
            ip[0] |= (byte)(tos >> 4);
            ip[1] |= (byte)(tos << 4);
            return ip;
        }

        ip[1] = tos;
        ip[6] |= (byte)(df ? 0x40 : 0);
        ip[10] = ip[11] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(10), TcpPacket.Checksum(ip.AsSpan(0, 20)));
        return ip;
    }

    private IPAddress Address(bool client) => IPAddress.Parse(_ipv6 ? (client ? "2001:db8::c" : "2001:db8::5") : (client ? "10.0.0.1" : "10.0.0.2"));

    /// <summary>Makes the timestamps option (RFC 7323, section 3.2) from a text such as 100-7: TSval and TSecr.</summary>
    private static byte[] Timestamps(string values)
    {
        uint[] numbers = [.. values.Split('-').Select(v => uint.Parse(v, CultureInfo.InvariantCulture))];
        return new ByteList().Raw([1, 1, 8, 10]).U32(numbers[0]).U32(numbers.Length > 1 ? numbers[1] : 0).ToArray();
    }

    private static IEnumerable<(string Name, string Value)> KeysOf(Match line) =>
        line.Groups["keys"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(k => k.Split('=')).Select(k => (k[0], k[1]));

    private static string? Key(Dictionary<string, string> keys, string name) => keys.GetValueOrDefault(name);

    private static TcpFlags FlagsOf(string word) => word switch
    {
        "SYN" => TcpFlags.Syn,
        "SYN-ACK" => TcpFlags.Syn | TcpFlags.Ack,
        "ACK" or "KEEPALIVE" => TcpFlags.Ack,
        "DATA" => TcpFlags.Psh | TcpFlags.Ack,
        "FIN" => TcpFlags.Fin | TcpFlags.Ack,
        "RST" => TcpFlags.Rst,
        "RST-ACK" => TcpFlags.Rst | TcpFlags.Ack,
        _ => throw new ArgumentException($"no such word: {word}"),
    };

    private static TcpFlags Letters(string letters) => letters.Aggregate(TcpFlags.None, (flags, letter) => flags | letter switch
    {
        'S' => TcpFlags.Syn,
        'F' => TcpFlags.Fin,
        'R' => TcpFlags.Rst,
        'P' => TcpFlags.Psh,
        'A' => TcpFlags.Ack,
        _ => throw new ArgumentException($"no such flag: {letter}"),
    });

    private sealed class End
    {
        public required uint Isn { get; init; }

        public required uint Next { get; set; }

        public uint? LastAcknowledgment { get; set; }

        public byte[]? LastPacket { get; set; }
    }
}
