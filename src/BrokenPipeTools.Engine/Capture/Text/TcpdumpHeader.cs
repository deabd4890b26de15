namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Reads the IP header in a line of tcpdump, such as (tos 0x0, ttl 64, id 4711, offset 0, flags [DF], proto TCP (6), length 57). For IPv6 it is (hlim
/// 64, next-header TCP (6) payload length: 37); version 3 of tcpdump prints (DF) [tos 0x10] (ttl 64, id 4711).
/// </summary>
internal static class TcpdumpHeader
{
    public static void Read(ReadOnlySpan<char> text, TracePacket packet)
    {
        bool hasTtl = TraceWords.TryNumber(text, "ttl", out uint ttl) || TraceWords.TryNumber(text, "hlim", out ttl);
        if (!hasTtl || ttl > byte.MaxValue)
            return;
        packet.HasHeader = true;
        packet.TimeToLive = (byte)ttl;
        if (TraceWords.TryNumber(text, "id", out uint id) && id <= ushort.MaxValue)
            packet.Identification = (ushort)id;
        packet.DontFragment = text.IndexOf("[DF", StringComparison.Ordinal) >= 0 || text.IndexOf("(DF", StringComparison.Ordinal) >= 0;
        if ((TraceWords.TryHex(text, "tos", out uint tos) || TraceWords.TryHex(text, "class", out tos)) && tos <= byte.MaxValue)
            packet.TypeOfService = (byte)tos;
    }
}
