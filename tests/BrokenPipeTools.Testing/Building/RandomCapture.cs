using System.Net;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Building;

/// <summary>
/// Makes a capture from a seed. It has connections between few endpoints, so that ports are reused. Segments are lost, repeated, out of order, cut,
/// fragmented, and in tunnels. Some have strange flags or numbers that wrap, and there are ICMP errors about them.
/// </summary>
internal sealed class RandomCapture(int seed)
{
    private static readonly string[] Ethernets =
    [
        "Ethernet", "Ethernet, padded to 60", "VLAN", "QinQ", "MPLS", "PPPoE", "GRE", "VXLAN", "GENEVE with options", "IP in IP", "802.3 with SNAP",
    ];

    private readonly Random _random = new(seed);
    private readonly List<RawFrame> _frames = [];
    private long _time = 1_700_000_000_000_000_000;
    private ushort _datagram = 1000;

    public byte[] Make(int frames)
    {
        List<Flow> flows = [];
        while (_frames.Count < frames)
        {
            if (flows.Count < 12)
                flows.Add(NewFlow());
            Flow flow = flows[_random.Next(flows.Count)];
            Emit(flow.Next(_random), flow.Wrapping);
            if (flow.IsOver)
                flows.Remove(flow);
        }

        return CaptureBytes.Pcap(_frames, magic: 0xA1B23C4D);
    }

    private Flow NewFlow()
    {
        bool ipv6 = _random.Next(3) == 0;
        (IPAddress a, IPAddress b) = ipv6 ? (Ip.A6, Ip.B6) : (IPAddress.Parse($"10.1.0.{_random.Next(1, 3)}"), IPAddress.Parse("10.1.0.9"));

        // The ports here must not belong to a protocol whose dissector examines more than TCP.
        return new Flow(a, b, (ushort)_random.Next(40000, 40030), (ushort)_random.Next(50100, 50103), Ethernets[_random.Next(Ethernets.Length)], _random);
    }

    private void Emit(TcpPacket packet, string wrapping)
    {
        _time += _random.Next(20) == 0 ? _random.NextInt64(3_000_000_000) : _random.NextInt64(5_000_000);
        byte[] ip = packet.ToIp();
        switch (_random.Next(40))
        {
            case 0: // a fragmented datagram
                EmitFragments(packet, wrapping);
                return;
            case 1: // an ICMP error about it
                Add(Wrap.Ethernet(Icmp(ip)));
                break;
            case 2: // lost
                return;
            case 3: // seen twice
                Add(Wrap.All[wrapping].Put(ip));
                break;
            case 4 when _frames.Count > 2: // out of order
                Add(Wrap.All[wrapping].Put(ip));
                (_frames[^1], _frames[^2]) = (_frames[^2], _frames[^1]);
                return;
            case 5: // cut, but not within the headers
                byte[] whole = Wrap.All[wrapping].Put(ip);
                int keep = whole.Length - _random.Next(packet.Payload.Length + 1);
                _frames.Add(new RawFrame(whole[..keep]) { Time = _time, OriginalLength = whole.Length });
                return;
        }

        Add(Wrap.All[wrapping].Put(ip));
    }

    private static byte[] Icmp(byte[] ip) => Ip.IsV6(ip)
        ? Ip.V6(Ip.B6, Ip.A6, 58, [1, 4, 0, 0, 0, 0, 0, 0, .. ip])
        : Ip.V4(Ip.B4, Ip.A4, 1, [3, 1, 0, 0, 0, 0, 0, 0, .. ip[..Math.Min(ip.Length, 60)]]);

    private void EmitFragments(TcpPacket packet, string wrapping)
    {
        byte[] segment = packet.ToSegment();
        if (packet.IsIPv6 || segment.Length < 48)
        {
            Add(Wrap.All[wrapping].Put(packet.ToIp()));
            return;
        }

        // tshark includes the VLAN number in the low bits of the identification, so ids must differ above those bits.
        ushort id = _datagram += 8;
        byte[] first = Ip.V4(packet.Source, packet.Destination, 6, segment[..32], id: id, fragment: 0x2000);
        byte[] last = Ip.V4(packet.Source, packet.Destination, 6, segment[32..], id: id, fragment: 4);
        (byte[] early, byte[] late) = _random.Next(2) == 0 ? (first, last) : (last, first);
        Add(Wrap.All[wrapping].Put(early));
        if (_random.Next(5) > 0)
            Add(Wrap.All[wrapping].Put(late));
    }

    private void Add(byte[] frame) => _frames.Add(new RawFrame(frame) { Time = _time });

    /// <summary>A connection with a random course.</summary>
    private sealed class Flow(IPAddress a, IPAddress b, ushort portA, ushort portB, string wrapping, Random random)
    {
        private readonly uint[] _next = [Number(random), Number(random)];
        private readonly int _mood = random.Next(5);
        private int _step = random.Next(6) == 0 ? 3 : 0; // some began before the capture

        public string Wrapping { get; } = wrapping;

        public bool IsOver { get; private set; }

        public TcpPacket Next(Random random)
        {
            int step = _step++;
            int side = step switch { 0 => 0, 1 => 1, 2 => 0, _ => random.Next(2) };
            TcpFlags flags = step switch { 0 => TcpFlags.Syn, 1 => TcpFlags.Syn | TcpFlags.Ack, 2 => TcpFlags.Ack, _ => Middle(random) };
            int length = (flags & (TcpFlags.Syn | TcpFlags.Rst)) == 0 && random.Next(2) == 0 ? random.Next(200) : random.Next(60) == 0 ? 5 : 0;
            uint sequence = _next[side] + (uint)(random.Next(12) == 0 ? random.Next(-300, 300) : 0);
            uint end = sequence + (uint)length + ((flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 ? 1u : 0);
            if ((int)(end - _next[side]) > 0 && (flags & TcpFlags.Rst) == 0)
                _next[side] = end;
            IsOver = step > 3 && (flags & (TcpFlags.Fin | TcpFlags.Rst)) != 0 && random.Next(3) == 0;
            return new TcpPacket
            {
                Source = side == 0 ? a : b,
                Destination = side == 0 ? b : a,
                SourcePort = side == 0 ? portA : portB,
                DestinationPort = side == 0 ? portB : portA,
                Sequence = sequence,
                Acknowledgment = (flags & TcpFlags.Ack) != 0 ? _next[1 - side] : 0,
                Flags = flags,
                Window = (ushort)(random.Next(15) == 0 ? 0 : 500),
                Payload = TcpPacket.Bytes(length),
            };
        }

        private TcpFlags Middle(Random random) => (random.Next(12) + _mood) switch
        {
            < 8 => TcpFlags.Ack,
            < 10 => TcpFlags.Ack | TcpFlags.Psh,
            < 12 => TcpFlags.Ack | TcpFlags.Fin,
            12 => TcpFlags.Rst,
            13 => TcpFlags.Rst | TcpFlags.Ack,
            14 => random.Next(4) switch { 0 => TcpFlags.Syn, 1 => TcpFlags.Syn | TcpFlags.Ack, 2 => TcpFlags.None, _ => TcpFlags.Fin | TcpFlags.Rst | TcpFlags.Ack },
            _ => TcpFlags.Ack | TcpFlags.Urg,
        };

        private static uint Number(Random random) => random.Next(4) == 0 ? uint.MaxValue - (uint)random.Next(2000) : (uint)random.NextInt64(uint.MaxValue);
    }
}
