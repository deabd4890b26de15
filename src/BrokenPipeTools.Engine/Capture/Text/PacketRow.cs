using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Reads a row of a packet list, such as 5 0.000123 192.0.2.10 → 198.51.100.3 TCP 66 40000 → 443 [ACK] Seq=1 Ack=1 Win=64256 Len=0 of tshark. A row
/// of Wireshark has no arrow between the addresses, and the columns that its user has chosen.
/// </summary>
internal static class PacketRow
{
    private const long MaxNumber = 1L << 40;

    /// <summary>Reads the cells of a row. Returns <see cref="TraceReading.None"/> if the line is not a row.</summary>
    /// <param name="line">The line.</param>
    /// <param name="columns">The columns of the header line; null for the usual ones.</param>
    /// <param name="packet">Receives the values of the row.</param>
    public static TraceReading Read(string line, RowColumns? columns, TracePacket packet)
    {
        packet.IsRow = true;
        List<string> cells = RowCells.Split(line, out bool areColumns);
        bool isRead = areColumns && columns is not null ? ReadColumns(cells, columns, packet, out string protocol, out string info) : ReadWords(cells, packet, out protocol, out info);
        return isRead ? ReadInfo(protocol, info, packet) : TraceReading.None;
    }

    private static TraceReading ReadInfo(string protocol, string info, TracePacket packet)
    {
        TraceReading segment = RowInfo.ReadSegment(info, packet);
        if (segment != TraceReading.None)
            return segment;
        bool isVersion6 = protocol.Equals("ICMPv6", StringComparison.OrdinalIgnoreCase);
        if ((isVersion6 || protocol.Equals("ICMP", StringComparison.OrdinalIgnoreCase)) && RowInfo.TryIcmp(info, isVersion6, packet))
            return TraceReading.Complete;
        packet.MayBeOfUdp = RowProtocols.MayBeOfUdp(protocol);
        packet.Kind = RowProtocols.IsNotOfTcp(protocol) ? TraceKind.Other : TraceKind.UpperLayer;
        packet.Protocol = RowProtocols.FamilyOf(protocol);
        packet.Word = RowWord.Of(info);
        packet.Record = packet.Protocol == "TLS" ? TlsRow.Read(info) : [];
        bool isBroken = protocol == "TCP" && (info.Length == 0 || info.Contains('→', StringComparison.Ordinal)) && !info.Contains("PDU]", StringComparison.Ordinal);
        return isBroken ? TraceReading.Partial : TraceReading.Complete;
    }

    private static bool ReadColumns(List<string> cells, RowColumns columns, TracePacket packet, out string protocol, out string info)
    {
        protocol = Cell(cells, columns.Protocol);
        info = Cell(cells, columns.Info);
        packet.SetHosts(Cell(cells, columns.Source), Cell(cells, columns.Destination));
        packet.Number = NumberOf(Cell(cells, columns.Number));
        TraceTime.Read(Cell(cells, columns.Time), out TraceTime time);
        packet.Time = time;
        packet.FrameLength = LengthOf(Cell(cells, columns.Length));
        if (ServiceNames.TryPort(Cell(cells, columns.SourcePort), out int source) && ServiceNames.TryPort(Cell(cells, columns.DestinationPort), out int destination))
            packet.SetPorts(source, destination);
        return packet.Source.Host.Length > 0 && packet.Destination.Host.Length > 0 && (packet.Number > 0 || time.Form != TraceTimeForm.None || info.Contains('[', StringComparison.Ordinal));
    }

    /// <summary>Finds the columns by their form: a number, a time, two addresses, a protocol, a length. The rest is the column Info.</summary>
    private static bool ReadWords(List<string> words, TracePacket packet, out string protocol, out string info)
    {
        (protocol, info) = ("", "");
        words.RemoveAll(string.IsNullOrEmpty);
        int at = 0;
        if (words.Count > 0 && NumberOf(words[0]) is > 0 and var number)
        {
            packet.Number = number;
            at = 1;
        }

        at = ReadTime(words, at, packet);
        int pair = FindPair(words, at, packet);
        if (pair < 0 || (packet.Number == 0 && packet.Time.Form == TraceTimeForm.None && !IsAddress(packet.Source.Host)))
            return false;
        while (pair < words.Count && !char.IsAsciiLetter(words[pair][0]) && !words[pair].StartsWith("0x", StringComparison.Ordinal))
            pair++; // columns that a user has added, such as ports
        if (pair >= words.Count)
            return false;
        protocol = words[pair++];
        if (pair + 1 < words.Count && IsVersion(words[pair]) && LengthOf(words[pair + 1]) > 0)
            pair++; // DNP 3.0
        if (pair < words.Count && LengthOf(words[pair]) > 0 && !(pair + 1 < words.Count && RowInfo.IsArrow(words[pair + 1])))
            packet.FrameLength = LengthOf(words[pair++]);
        info = string.Join(' ', words.Skip(pair));
        return true;
    }

    private static bool IsVersion(string word) => char.IsAsciiDigit(word[0]) && word.Contains('.', StringComparison.Ordinal);

    private static int ReadTime(List<string> words, int at, TracePacket packet)
    {
        for (int i = at; i < Math.Min(words.Count, at + 3); i++)
        {
            string text = i + 1 < words.Count ? words[i] + " " + words[i + 1] : words[i];
            int length = TraceTime.Read(text, out TraceTime time);
            if (length == 0)
                continue;
            packet.Time = time;
            return i + (length > words[i].Length ? 2 : 1);
        }

        return at;
    }

    /// <summary>Finds the two addresses. Returns the index of the word after them; -1 if there are no addresses.</summary>
    private static int FindPair(List<string> words, int from, TracePacket packet)
    {
        int last = Math.Min(words.Count - 2, from + 8);
        for (int i = from; i < last; i++)
        {
            bool hasArrow = RowInfo.IsAddressArrow(words[i + 1]);
            if (hasArrow && int.TryParse(words[i], out _))
                return -1; // the words are the ports in the column Info
            if (hasArrow)
                return Take(words, i, i + 2, packet);
            if (!IsAddress(words[i]))
                continue;
            if (IsAddress(words[i + 1]))
                return Take(words, i, i + 1, packet);
            if (ServiceNames.TryPort(words[i + 1], out _) && IsAddress(words[i + 2]))
                return Take(words, i, i + 2, packet); // a column with the port is between the addresses
        }

        // Host names without an arrow between them are the first two words after number and time.
        bool isRow = packet.Number > 0 && packet.Time.Form != TraceTimeForm.None && from + 3 < words.Count && char.IsAsciiLetterUpper(words[from + 2][0]) && LengthOf(words[from + 3]) > 0;
        return isRow ? Take(words, from, from + 1, packet) : -1;
    }

    private static int Take(List<string> words, int source, int destination, TracePacket packet)
    {
        if (destination >= words.Count || words[source].Length > HostNames.MaxNameLength || words[destination].Length > HostNames.MaxNameLength)
            return -1;
        packet.SetHosts(words[source], words[destination]);
        return destination + 1;
    }

    private static string Cell(List<string> cells, int index) => index >= 0 && index < cells.Count ? cells[index].Trim() : "";

    private static long NumberOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < MaxNumber ? number : 0;

    private static int LengthOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= Frame.MaxLength ? length : 0;

    /// <summary>Returns whether a word is an IP address or a link address.</summary>
    private static bool IsAddress(string word) =>
        word.Length is >= 2 and <= 60 && (word.Contains('.', StringComparison.Ordinal) || word.Contains(':', StringComparison.Ordinal))
        && IPAddress.TryParse(word, out IPAddress? address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || word.Count(c => c == '.') == 3);
}
