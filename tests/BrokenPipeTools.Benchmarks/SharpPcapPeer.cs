using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace BrokenPipeTools.Benchmarks;

/// <summary>Reads a capture with SharpPcap and PacketDotNet, to measure their speed, and to check that they read the same fields as our decoder.</summary>
internal static class SharpPcapPeer
{
    private const int DifferencesShown = 10;

    /// <summary>Decodes the TCP fields of every packet, and makes no other objects.</summary>
    public static int Decode(string path)
    {
        using CaptureFileReaderDevice device = new(path);
        device.Open();
        long segments = 0;
        ulong mix = 0;
        while (device.GetNextPacket(out PacketCapture capture) == GetPacketStatus.PacketRead)
        {
            if (TcpOf(capture) is not { } tcp)
                continue;
            segments++;
            mix = unchecked((mix * 31) + Fields.Of(tcp).Sequence);
        }

        Console.WriteLine($"{segments} segments, {mix:x}");
        return 0;
    }

    /// <summary>Compares the fields of every segment with those of our decoder. The exit code is 0 if all are equal.</summary>
    public static int Agree(string path)
    {
        using CaptureFileReaderDevice device = new(path);
        device.Open();
        using ICaptureSource source = CaptureFile.Open(path);
        SegmentDecoder decoder = new();
        long compared = 0;
        long different = 0;
        while (source.TryRead(out Frame frame))
        {
            Fields? ours = decoder.Decode(frame, out Segment segment) == DecodeOutcome.Segment ? Fields.Of(segment) : null;
            Fields? theirs = device.GetNextPacket(out PacketCapture capture) == GetPacketStatus.PacketRead && TcpOf(capture) is { } tcp ? Fields.Of(tcp) : null;
            compared++;
            if (ours != theirs && ++different <= DifferencesShown)
                Console.WriteLine($"frame {frame.Number}:\n  ours   {ours}\n  theirs {theirs}");
        }

        Console.WriteLine($"{compared} frames compared, {different} different");
        return different == 0 && compared > 0 ? 0 : 1;
    }

    private static TcpPacket? TcpOf(PacketCapture capture)
    {
        RawCapture raw = capture.GetPacket();
        return PacketDotNet.Packet.ParsePacket(raw.LinkLayerType, raw.Data).Extract<TcpPacket>();
    }

    private readonly record struct Fields(
        IpBits Source, IpBits Destination, ushort SourcePort, ushort DestinationPort, uint Sequence, uint Acknowledgment, TcpFlags Flags, ushort Window, int Payload)
    {
        public static Fields Of(in Segment s) =>
            new(s.Source, s.Destination, s.SourcePort, s.DestinationPort, s.Sequence.Value, s.Acknowledgment.Value, s.Flags, s.Window, s.PayloadLength);

        public static Fields Of(TcpPacket tcp)
        {
            IPPacket ip = (IPPacket)tcp.ParentPacket;
            return new(
                Bits(ip.SourceAddress), Bits(ip.DestinationAddress), tcp.SourcePort, tcp.DestinationPort, tcp.SequenceNumber, tcp.AcknowledgmentNumber,
                (TcpFlags)(byte)tcp.Flags, tcp.WindowSize, tcp.PayloadData?.Length ?? 0);
        }

        private static IpBits Bits(System.Net.IPAddress address)
        {
            Span<byte> bytes = stackalloc byte[16];
            address.TryWriteBytes(bytes, out int length);
            return length == 4 ? IpBits.ReadIPv4(bytes) : IpBits.ReadIPv6(bytes);
        }
    }
}
