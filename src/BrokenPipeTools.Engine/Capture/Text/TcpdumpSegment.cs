using System.Buffers;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>Reads the TCP part of a line of tcpdump, from the addresses on: A.port &gt; B.port: Flags [P.], seq 1:6, ack 1, win 502, length 5.</summary>
internal static class TcpdumpSegment
{
    private const string FlagsWord = "Flags [";
    private const string Separator = " > ";
    private static readonly SearchValues<char> OldFlags = SearchValues.Create("SFRPWEU.");

    /// <summary>Reads the last segment of a line. In a line of a tunnel, this is the inner segment.</summary>
    public static TraceReading Read(ReadOnlySpan<char> text, TracePacket packet)
    {
        int flags = text.LastIndexOf(FlagsWord, StringComparison.Ordinal);
        if (flags < 0)
            return ReadOld(text, packet);
        while (flags >= 0 && !TryEndpoints(text[..flags], packet))
            flags = text[..flags].LastIndexOf(FlagsWord, StringComparison.Ordinal); // upper layers and tunnels print flags, too
        if (flags < 0)
            return TraceReading.None;
        ReadOnlySpan<char> rest = text[(flags + FlagsWord.Length)..];
        int close = rest.IndexOf(']');
        if (close is < 0 or > 10)
            return TraceReading.Partial;
        packet.Flags = FlagsOf(rest[..close]);
        ReadOnlySpan<char> fields = rest[(close + 1)..];
        TcpdumpOptions.Read(fields, packet);
        bool isWhole = ReadNumbers(WithoutOptions(fields), packet);
        packet.Kind = TraceKind.Tcp;
        return isWhole ? TraceReading.Complete : TraceReading.Partial;
    }

    /// <summary>Reads a segment as version 3 of tcpdump prints it: A.port &gt; B.port: P 1:6(5) ack 1 win 1025 (DF).</summary>
    private static TraceReading ReadOld(ReadOnlySpan<char> text, TracePacket packet)
    {
        int separator = text.LastIndexOf(Separator, StringComparison.Ordinal);
        if (separator < 0)
            return TraceReading.None;
        int colon = text[separator..].IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0)
            return TraceReading.None;
        colon += separator;
        ReadOnlySpan<char> fields = text[(colon + 2)..].TrimStart();
        ReadOnlySpan<char> word = TraceWords.NextWord(ref fields);
        if (word.Length is 0 or > 6 || word.ContainsAnyExcept(OldFlags) || !TryEndpoints(text[..(colon + 1)], packet))
            return TraceReading.None;
        packet.Flags = FlagsOf(word);
        packet.Flags &= unchecked((byte)~TraceFlags.Ack); // in this version the point means that there is no flag
        TcpdumpOptions.Read(fields, packet);
        packet.LacksOptions |= fields.IndexOf("win", StringComparison.Ordinal) < 0;
        TcpdumpHeader.Read(fields, packet);
        return ReadOldNumbers(fields, packet) ? TraceReading.Complete : TraceReading.Partial;
    }

    private static bool ReadOldNumbers(ReadOnlySpan<char> fields, TracePacket packet)
    {
        packet.Length = 0;
        ReadOnlySpan<char> numbers = fields.TrimStart();
        if (TcpdumpOptions.TryRange(numbers, out SequenceRange range))
        {
            packet.Sequence = range.Start;
            packet.Length = range.End.DistanceFrom(range.Start);
        }
        else if (packet.Has(TraceFlags.Syn | TraceFlags.Fin | TraceFlags.Rst))
        {
            return false;
        }

        if (TraceWords.TryNumber(numbers, "ack", out uint acknowledgment))
        {
            packet.Acknowledgment = new SequenceNumber(acknowledgment);
            packet.Flags |= TraceFlags.Ack;
        }

        bool hasWindow = TraceWords.TryNumber(numbers, "win", out uint window) && window <= ushort.MaxValue;
        packet.Window = hasWindow ? (int)window : null;
        packet.Kind = TraceKind.Tcp;
        return hasWindow && packet.Length is >= 0 and <= MaxPayload;
    }

    /// <summary>The most payload bytes of a segment: more than any offload passes to a capture.</summary>
    public const int MaxPayload = 1 << 20;

    private static bool ReadNumbers(ReadOnlySpan<char> fields, TracePacket packet)
    {
        int upper = fields.IndexOf("length", StringComparison.Ordinal);
        bool hasLength = TraceWords.TryNumber(fields, "length", out uint length) && length <= MaxPayload;
        if (upper >= 0)
            fields = fields[..upper]; // the text of an upper layer follows the length
        if (TraceWords.TryAfter(fields, "seq", out ReadOnlySpan<char> numbers) && TraceWords.TryLeading(numbers, out uint sequence, out ReadOnlySpan<char> rest))
        {
            SequenceNumber start = new(sequence);
            packet.Sequence = start;
            if (rest.Length > 1 && rest[0] == ':' && TraceWords.TryLeading(rest[1..], out uint end, out _) && new SequenceNumber(end).CountFrom(start) is <= MaxPayload and var range)
                packet.Length = (int)range;
        }

        if (TraceWords.TryNumber(fields, "ack", out uint acknowledgment))
            packet.Acknowledgment = new SequenceNumber(acknowledgment);
        else
            packet.Flags &= unchecked((byte)~TraceFlags.Ack);
        if (TraceWords.TryNumber(fields, "win", out uint window) && window <= ushort.MaxValue)
            packet.Window = (int)window;
        if (packet.Length < 0)
            packet.Length = hasLength ? (int)length : 0;
        bool isNumbered = packet.Sequence is not null || !(packet.Has(TraceFlags.Syn | TraceFlags.Fin | TraceFlags.Rst) || packet.Length > 0);
        return hasLength && isNumbered;
    }

    private static ReadOnlySpan<char> WithoutOptions(ReadOnlySpan<char> fields)
    {
        int at = fields.IndexOf("options", StringComparison.Ordinal);
        if (at < 0)
            return fields;
        int open = fields[at..].IndexOf('[');
        if (open < 0)
            return fields[..at];
        int length = TraceWords.Bracketed(fields[(at + open)..], '[', ']').Length + 2;
        int end = Math.Min(at + open + length, fields.Length);
        return string.Concat(fields[..at], fields[end..]);
    }

    /// <summary>Reads A.port &gt; B.port: at the end of a text.</summary>
    public static bool TryEndpoints(ReadOnlySpan<char> text, TracePacket packet)
    {
        text = text.TrimEnd();
        if (text.Length == 0 || text[^1] != ':')
            return false;
        text = text[..^1];
        int separator = text.LastIndexOf(Separator, StringComparison.Ordinal);
        if (separator < 0)
            return false;
        ReadOnlySpan<char> source = text[..separator].TrimEnd();
        source = source[(source.LastIndexOfAny(' ', '\t', ')') + 1)..];
        if (source.StartsWith("IP", StringComparison.Ordinal) && source.Length > 3 && (char.IsAsciiDigit(source[2]) && source[3] != ':' && source.IndexOf('.') > 0 || source[2] == '<'))
            source = source[2..]; // a line break has replaced the space after this word
        ReadOnlySpan<char> destination = text[(separator + Separator.Length)..];
        if (ServiceNames.TryPort(source, out int sourcePort) && ServiceNames.TryPort(destination, out int destinationPort))
        {
            if (!TryHosts(text[..separator], packet))
                return false;
            packet.SetPorts(sourcePort, destinationPort);
            return true;
        }

        if (!PrintedEndpoint.TryRead(source, out PrintedEndpoint from) || !PrintedEndpoint.TryRead(destination, out PrintedEndpoint to))
            return false;
        (packet.Source, packet.Destination) = (from, to);
        return true;
    }

    /// <summary>
    /// Reads the hosts before an IPv6 extension header. Only the ports are printed after it: IP6 A &gt; B: DSTOPT 40000 &gt; 443: Flags [S].
    /// </summary>
    private static bool TryHosts(ReadOnlySpan<char> text, TracePacket packet)
    {
        int separator = text.LastIndexOf(Separator, StringComparison.Ordinal);
        int end = separator < 0 ? -1 : text[separator..].IndexOf(": ", StringComparison.Ordinal);
        if (end < 0)
            return false;
        ReadOnlySpan<char> source = text[..separator].TrimEnd();
        source = source[(source.LastIndexOfAny(' ', '\t', ')') + 1)..];
        ReadOnlySpan<char> destination = text[(separator + Separator.Length)..(separator + end)].Trim();
        if (source.IsEmpty || destination.IsEmpty || source.Length > HostNames.MaxNameLength || destination.Length > HostNames.MaxNameLength)
            return false;
        packet.SetHosts(source.ToString(), destination.ToString());
        return true;
    }

    private static byte FlagsOf(ReadOnlySpan<char> letters)
    {
        byte flags = 0;
        foreach (char letter in letters)
        {
            flags |= letter switch
            {
                'S' => TraceFlags.Syn,
                'F' => TraceFlags.Fin,
                'R' => TraceFlags.Rst,
                'P' => TraceFlags.Psh,
                '.' => TraceFlags.Ack,
                'U' => TraceFlags.Urg,
                'E' => TraceFlags.Ece,
                'W' => TraceFlags.Cwr,
                _ => (byte)0,
            };
        }

        return flags;
    }
}
