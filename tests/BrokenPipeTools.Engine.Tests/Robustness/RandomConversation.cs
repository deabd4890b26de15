using System.Net;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>
/// A random connection as TCP might make it: with or without handshake, payload in both directions, losses before and after the capture point,
/// retransmissions, duplicates, keepalive, closed windows, ICMP errors, FIN and RST of every kind at any point; then cut, or with one side left out.
/// </summary>
internal sealed class RandomConversation
{
    private static readonly int[] Lengths = [1, 5, 24, 100, 536, 1400, 1448];
    private static readonly double[] Pauses = [0, 0, 0, 0.001, 0.02, 0.3, 1.2, 5, 15, 60, 75, 300, 7200];
    private static readonly (byte Type, byte Code)[] Errors4 = [(3, 0), (3, 1), (3, 2), (3, 3), (3, 4), (3, 5), (3, 8), (3, 13), (11, 0), (11, 1), (12, 0)];
    private static readonly (byte Type, byte Code)[] Errors6 = [(1, 0), (1, 1), (1, 3), (1, 4), (1, 7), (2, 0), (3, 0), (4, 0)];

    private readonly Random _random;
    private readonly bool _ipv6;
    private readonly End[] _ends;
    private readonly List<(RawFrame Frame, int Sender)> _frames = [];
    private long _time;

    private RandomConversation(Random random, int number, long start)
    {
        _random = random;
        _ipv6 = random.Next(4) == 0;
        _time = start;
        string prefix = _ipv6 ? "2001:db8::" : "10.0.0.";
        _ends =
        [
            new End(IPAddress.Parse($"{prefix}{1 + random.Next(8)}"), (ushort)(1024 + (number % 60_000)), (uint)random.NextInt64(1L << 32)),
            new End(IPAddress.Parse($"{prefix}{101 + random.Next(4)}"), (ushort)(random.Next(2) == 0 ? 80 : 443), (uint)random.NextInt64(1L << 32)),
        ];
        (_ends[0].Received, _ends[1].Received) = (_ends[1].Next, _ends[0].Next); // as if the handshake had come before the capture
    }

    /// <summary>The captured frames of one connection, in the order of their times.</summary>
    /// <param name="random">The source of all random choices.</param>
    /// <param name="number">Determines the client's port.</param>
    /// <param name="start">Nanoseconds since 1970.</param>
    public static List<RawFrame> Draw(Random random, int number, long start)
    {
        RandomConversation c = new(random, number, start);
        bool isUp = c.Open();
        for (int turns = isUp ? random.Next(9) : 0; turns > 0; turns--)
            c.Turn();
        for (int closings = isUp ? random.Next(5) : 0; closings > 0; closings--)
            c.Closing();
        return c.Captured();
    }

    private bool Chance(double share) => _random.NextDouble() < share;

    private void Wait(double seconds) => _time += (long)((seconds * (1 + (_random.NextDouble() * 0.05))) * Nanoseconds.PerSecond) + 20_000 + _random.Next(500_000);

    /// <summary>Makes the handshake. Returns false if it failed.</summary>
    private bool Open()
    {
        int shape = _random.Next(12);
        if (shape == 0)
            return true; // the connection had begun before the capture
        int fastOpen = Chance(0.1) ? Lengths[_random.Next(Lengths.Length)] : 0;
        int attempts = 1 + (Chance(0.15) ? _random.Next(5) : 0);
        uint syn = _ends[0].Next;
        for (int i = 0; i < attempts; i++)
        {
            Send(0, TcpFlags.Syn, fastOpen, sequence: syn);
            Wait(shape is 1 or 2 ? Math.Pow(2, i) : 0.01);
        }

        switch (shape)
        {
            case 1:
                return false;
            case 2:
                Send(1, TcpFlags.Rst | (Chance(0.8) ? TcpFlags.Ack : 0), sequence: 0, acknowledgment: Chance(0.8) ? _ends[0].Next : syn + 1, window: 0);
                return false;
            case 3:
                Icmp(0);
                return false;
        }

        _ends[1].Received = fastOpen > 0 && Chance(0.5) ? syn + 1 : _ends[0].Next;
        Send(1, TcpFlags.Syn | TcpFlags.Ack);
        if (Chance(0.1))
            Send(1, TcpFlags.Syn | TcpFlags.Ack, sequence: _ends[1].Next - 1);
        _ends[0].Received = _ends[1].Next;
        if (Chance(0.95))
            Send(0, TcpFlags.Ack);
        return true;
    }

    private void Turn()
    {
        Wait(Pauses[_random.Next(Pauses.Length)]);
        int end = _random.Next(2);
        switch (_random.Next(10))
        {
            case < 5:
                Payload(end);
                break;
            case 5:
                KeepAlive(end);
                break;
            case 6:
                ZeroWindow(end);
                break;
            case 7:
                Icmp(end);
                break;
            case 8 when _frames.Count > 0: // the capture has a packet twice
                (RawFrame last, int sender) = _frames[^1];
                _frames.Add((last with { Time = last.Time + 5_000 }, sender));
                break;
            default:
                Send(end, TcpFlags.Ack);
                break;
        }
    }

    private void Payload(int end)
    {
        for (int n = _random.Next(1, 4); n > 0; n--)
        {
            int length = Lengths[_random.Next(Lengths.Length)];
            uint sequence = _ends[end].Next;
            Send(end, TcpFlags.Psh | TcpFlags.Ack, length, isCaptured: Chance(0.97));
            bool arrives = Chance(0.85);
            for (int repeat = 0; !arrives && repeat < _random.Next(9); repeat++)
            {
                Wait(0.2 * Math.Pow(2, repeat));
                Send(end, TcpFlags.Psh | TcpFlags.Ack, length, sequence: sequence);
                arrives = Chance(0.3);
            }

            if (arrives && _ends[1 - end].Received == sequence)
                _ends[1 - end].Received = sequence + (uint)length;
            if (Chance(0.8))
                Send(1 - end, TcpFlags.Ack, isCaptured: Chance(0.97));
        }
    }

    private void KeepAlive(int end)
    {
        double interval = Chance(0.5) ? 75 : 1 + _random.Next(30);
        bool answers = Chance(0.5);
        for (int n = _random.Next(1, 10); n > 0; n--)
        {
            Send(end, TcpFlags.Ack, _random.Next(2), sequence: _ends[end].Next - 1);
            if (answers)
                Send(1 - end, TcpFlags.Ack);
            Wait(interval);
        }

        if (Chance(0.3))
            Reset(end);
    }

    private void ZeroWindow(int end)
    {
        Send(end, TcpFlags.Ack, window: 0);
        for (int n = _random.Next(4); n > 0; n--)
        {
            Wait(0.2 * n);
            Send(1 - end, TcpFlags.Ack, sequence: _ends[1 - end].Next - 1);
            if (Chance(0.8))
                Send(end, TcpFlags.Ack, window: 0);
        }

        if (Chance(0.6))
            Send(end, TcpFlags.Ack);
    }

    /// <summary>Makes an ICMP error that quotes the last packet of a side, all of it or its first eight bytes of TCP.</summary>
    private void Icmp(int end)
    {
        if (_ends[end].LastPacket is not { } quoted)
            return;
        (byte type, byte code) = _ipv6 ? Errors6[_random.Next(Errors6.Length)] : Errors4[_random.Next(Errors4.Length)];
        byte[] shown = Chance(0.5) ? quoted : quoted[..((_ipv6 ? 40 : 20) + 8)];
        byte[] message = [type, code, 0, 0, 0, 0, (byte)(Chance(0.5) ? 5 : 0), 0x78, .. shown];
        byte[] ip = _ipv6 ? Ip.V6(Ip.B6, _ends[end].Address, 58, message) : Ip.V4(Ip.B4, _ends[end].Address, 1, message);
        Add(ip, sender: end);
    }

    private void Closing()
    {
        Wait(Pauses[_random.Next(Pauses.Length)]);
        int end = _random.Next(2);
        if (Chance(0.55))
        {
            Fin(end);
        }
        else if (Chance(0.7))
        {
            for (int n = Chance(0.3) ? _random.Next(2, 6) : 1; n > 0; n--)
                Reset(end);
        }
        else
        {
            Payload(end);
        }
    }

    private void Fin(int end)
    {
        int length = Chance(0.2) ? Lengths[_random.Next(Lengths.Length)] : 0;
        uint sequence = _ends[end].Next;
        Send(end, TcpFlags.Fin | TcpFlags.Ack, length);
        bool arrives = Chance(0.85);
        for (int repeat = 0; !arrives && repeat < _random.Next(9); repeat++)
        {
            Wait(0.2 * Math.Pow(2, repeat));
            Send(end, TcpFlags.Fin | TcpFlags.Ack, length, sequence: sequence);
            arrives = Chance(0.3);
        }

        if (arrives && _ends[1 - end].Received == sequence)
            _ends[1 - end].Received = _ends[end].Next;
        if (arrives && Chance(0.9))
            Send(1 - end, TcpFlags.Ack);
    }

    private void Reset(int end)
    {
        End own = _ends[end];
        switch (_random.Next(5))
        {
            case 0: // a live socket
                Send(end, TcpFlags.Rst | TcpFlags.Ack, sequence: own.Next, window: (ushort)(Chance(0.5) ? 0 : 502));
                break;
            case 1 or 2: // no socket: the number that the other acknowledges
                Send(end, TcpFlags.Rst, sequence: _ends[1 - end].Received, window: 0);
                break;
            case 3: // forged
                Send(end, TcpFlags.Rst | (Chance(0.5) ? TcpFlags.Ack : 0), Chance(0.2) ? 10 : 0, sequence: _ends[1 - end].Received, timeToLive: 40, id: 900);
                break;
            default: // one that does not fit
                Send(end, TcpFlags.Rst, sequence: own.Next + (uint)_random.Next(-3, 70_000), window: 0);
                break;
        }
    }

    private void Send(int from, TcpFlags flags, int length = 0, uint? sequence = null, uint? acknowledgment = null, ushort window = 502, byte timeToLive = 64, ushort? id = null, bool isCaptured = true)
    {
        End own = _ends[from];
        End peer = _ends[1 - from];
        bool hasAck = (flags & TcpFlags.Ack) != 0;
        TcpPacket packet = new()
        {
            Source = own.Address,
            Destination = peer.Address,
            SourcePort = own.Port,
            DestinationPort = peer.Port,
            Sequence = sequence ?? own.Next,
            Acknowledgment = hasAck ? acknowledgment ?? own.Received : 0,
            Flags = flags,
            Window = window,
            TimeToLive = timeToLive,
            IpIdentification = id ?? ++own.Id,
            Payload = TcpPacket.Bytes(length),
        };
        own.LastPacket = packet.ToIp();
        uint end = packet.Sequence + (uint)length + ((flags & TcpFlags.Syn) != 0 ? 1u : 0) + ((flags & TcpFlags.Fin) != 0 ? 1u : 0);
        if ((flags & TcpFlags.Rst) == 0 && (int)(end - own.Next) > 0)
            own.Next = end;
        Wait(0);
        if (isCaptured)
            Add(own.LastPacket, from);
    }

    private void Add(byte[] ip, int sender) => _frames.Add((new RawFrame(Wrap.Ethernet(ip)) { Time = _time }, sender));

    /// <summary>Returns the captured part of the connection.</summary>
    private List<RawFrame> Captured()
    {
        int from = Chance(0.1) ? _random.Next(_frames.Count + 1) : 0;
        int to = Chance(0.2) ? _random.Next(from, _frames.Count + 1) : _frames.Count;
        int only = Chance(0.05) ? _random.Next(2) : -1;
        return [.. _frames.Take(to).Skip(from).Where(f => only < 0 || f.Sender == only).Select(f => f.Frame)];
    }

    private sealed class End(IPAddress address, ushort port, uint isn)
    {
        public IPAddress Address { get; } = address;

        public ushort Port { get; } = port;

        public uint Next { get; set; } = isn;

        /// <summary>The acknowledgment number: all bytes that came in order, captured or not.</summary>
        public uint Received { get; set; }

        public ushort Id { get; set; }

        public byte[]? LastPacket { get; set; }
    }
}
