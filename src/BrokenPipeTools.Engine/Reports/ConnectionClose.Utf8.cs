using System.Buffers;
using System.Buffers.Text;
using System.Text;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Reports;

/// <summary>Properties for programs that write them: times in nanoseconds, and methods that write UTF-8 without an intermediate string.</summary>
public sealed partial class ConnectionClose
{
    private const int LongestNumber = 11;

    /// <summary><see cref="Duration"/> in nanoseconds.</summary>
    internal long ExactDuration => Math.Max(0, Connection.LastCapturedTime - Connection.StartTime);

    /// <summary><see cref="MaxGap"/> in nanoseconds.</summary>
    internal long ExactMaxGap => Math.Max(0, Connection.MaxGap);

    /// <summary><see cref="IdleBeforeClose"/> in nanoseconds.</summary>
    internal long? ExactIdleBeforeClose => Connection.Close.HasBegun ? KnownTime(Connection.Close.Idle) : null;

    /// <summary><see cref="PayloadIdleBeforeClose"/> in nanoseconds.</summary>
    internal long? ExactPayloadIdleBeforeClose => Connection.Close.HasBegun ? KnownTime(Connection.Close.PayloadIdle) : null;

    /// <summary><see cref="HalfClosedFor"/> in nanoseconds.</summary>
    internal long? ExactHalfClosedFor => KnownTime(Finding.Facts.HalfClosed);

    /// <summary>Writes <see cref="Sequence"/> as UTF-8.</summary>
    internal void WriteSequence(IBufferWriter<byte> output) => CloseSequence.Write(Connection, ClientEnd, output);

    /// <summary>Writes <see cref="ZeekHistory"/> as ASCII.</summary>
    internal void WriteZeekHistory(IBufferWriter<byte> output) =>
        output.Advance(Connection.Zeek.CopyHistory(output.GetSpan(ZeekView.MaxLetters)));

    /// <summary>Writes <see cref="Explanation"/> as UTF-8.</summary>
    internal void WriteExplanation(IBufferWriter<byte> output) => Finding.Explain().MoveTo(output);

    /// <summary>Writes <see cref="Advice"/> as UTF-8.</summary>
    internal void WriteAdvice(IBufferWriter<byte> output)
    {
        string advice = Advice;
        if (ReferenceEquals(advice, Finding.Rule.Advice))
            output.Write(Finding.Rule.AdviceUtf8);
        else
            Encoding.UTF8.GetBytes(advice, output);
    }

    /// <summary>Writes an address as ASCII, or the name in its place as UTF-8.</summary>
    internal void WriteAddress(bool client, IBufferWriter<byte> output)
    {
        IpBits address = Connection.Endpoint(client ? ClientEnd : 1 - ClientEnd).Address;
        if (_case.Context.NameOf(address, Connection.Key.IsIPv6) is { } name)
            Encoding.UTF8.GetBytes(name, output);
        else
            output.Advance(address.Format(Connection.Key.IsIPv6, output.GetSpan(IpBits.MaxTextLength)));
    }

    /// <summary>Writes <see cref="CommunityId"/> as ASCII.</summary>
    internal void WriteCommunityId(IBufferWriter<byte> output)
    {
        if (HasNames)
            return;
        Closing.CommunityId.Write([Connection.Key], output.GetSpan(Closing.CommunityId.Length));
        output.Advance(Closing.CommunityId.Length);
    }

    /// <summary>Writes the <see cref="CommunityId"/> of several records as ASCII, also of those that have none because they show names.</summary>
    /// <param name="records">At most <see cref="Closing.CommunityId.Together"/> records.</param>
    /// <param name="text">Receives the IDs: at least <see cref="Closing.CommunityId.Length"/> bytes for each.</param>
    internal static void WriteCommunityIds(ReadOnlySpan<ConnectionClose> records, Span<byte> text)
    {
        Span<FlowKey> keys = stackalloc FlowKey[records.Length];
        for (int i = 0; i < records.Length; i++)
            keys[i] = records[i].Connection.Key;
        Closing.CommunityId.Write(keys, text);
    }

    /// <summary>Writes <see cref="WiresharkFilter"/> as ASCII.</summary>
    internal void WriteWiresharkFilter(IBufferWriter<byte> output)
    {
        if (HasOwnNumber)
        {
            Encoding.ASCII.GetBytes(WiresharkFilter, output);
            return;
        }

        output.Write("tcp.stream eq "u8);
        Utf8Formatter.TryFormat(Stream, output.GetSpan(LongestNumber), out int length);
        output.Advance(length);
    }

    private static long? KnownTime(long nanoseconds) => nanoseconds < 0 ? null : nanoseconds;
}
