using System.Buffers.Binary;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Wire;

public sealed class InternetChecksumTests
{
    private const int Addresses = 8;
    private const int ChecksumAt = Addresses + 16;

    /// <summary>Each length has another number of vectors, words and single bytes.</summary>
    [Fact]
    public void The_sum_of_every_length_is_that_of_RFC_1071()
    {
        Random random = new(15);
        for (int length = 20; length < 400; length++)
        {
            byte[] packet = new byte[Addresses + length];
            random.NextBytes(packet);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(ChecksumAt), 0);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(ChecksumAt), (ushort)~SumOfWords(packet));
            Assert.Equal((ChecksumState.Good, ChecksumState.Good), Judge(packet));

            packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Equal((ChecksumState.Bad, ChecksumState.Bad), Judge(packet));
        }
    }

    private static (ChecksumState Together, ChecksumState Apart) Judge(byte[] packet) => (
        InternetChecksum.Judge(packet, Addresses, new Segment { Source = IpBits.ReadIPv4(packet), Destination = IpBits.ReadIPv4(packet.AsSpan(4)) }),
        InternetChecksum.Judge(packet.AsSpan(Addresses), IpBits.ReadIPv4(packet), IpBits.ReadIPv4(packet.AsSpan(4))));

    /// <summary>Adds the 16-bit words of both addresses, the protocol, the length and the segment, one after the other.</summary>
    private static ushort SumOfWords(byte[] packet)
    {
        const uint Tcp = 6;
        uint sum = Tcp + (uint)(packet.Length - Addresses);
        for (int i = 0; i < packet.Length; i++)
            sum += i % 2 == 0 ? (uint)packet[i] << 8 : packet[i];
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)sum;
    }
}
