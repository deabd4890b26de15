using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Benchmarks;

/// <summary>A segment that will be sent.</summary>
internal readonly record struct Step(bool FromServer, TcpFlags Flags, bool HasPayload = false, bool IsRepeated = false);

/// <summary>Makes the segments of a typical connection, one at a time. The object is reused for the next connection.</summary>
internal sealed class ScriptedConnection
{
    private const TcpFlags Ack = TcpFlags.Ack;
    private const TcpFlags Push = TcpFlags.Ack | TcpFlags.Psh;
    private const TcpFlags Fin = TcpFlags.Ack | TcpFlags.Fin;
    private const int MaxResponses = 5;
    private const int ClientPorts = 28_000;

    /// <summary>Milliseconds at which the timestamps begin, so that none of them is below zero.</summary>
    private const uint FirstClock = 1_000_000;

    private static readonly Step[] Handshake = [new(false, TcpFlags.Syn), new(true, TcpFlags.Syn | Ack), new(false, Ack)];
    private static readonly Step[] GracefulEnd = [new(true, Fin), new(false, Fin), new(true, Ack)];
    private static readonly Step[] ResetEnd = [new(true, TcpFlags.Rst | Ack)];
    private static readonly Step[] WriteAfterCloseEnd = [new(true, Fin), new(false, Ack), new(false, Push, HasPayload: true), new(true, TcpFlags.Rst)];
    private static readonly Step[] RefusedLife = [new(false, TcpFlags.Syn), new(true, TcpFlags.Rst | Ack)];
    private static readonly Step[] UnansweredLife =
        [new(false, TcpFlags.Syn), new(false, TcpFlags.Syn, IsRepeated: true), new(false, TcpFlags.Syn, IsRepeated: true)];

    private static readonly ushort[] ServerPorts = [443, 80, 5432, 8080, 6379, 3306, 8443, 9092];

    private static readonly Step[][] GracefulLives = Lives(GracefulEnd);
    private static readonly Step[][] ResetLives = Lives(ResetEnd);
    private static readonly Step[][] WriteAfterCloseLives = Lives(WriteAfterCloseEnd);

    private Step[] _script = [];
    private int _next;
    private Endpoint _client;
    private Endpoint _server;
    private uint _clientSequence;
    private uint _serverSequence;
    private uint _roundTrip;
    private ushort _clientIpIdentification;
    private ushort _serverIpIdentification;

    public bool IsOver => _next == _script.Length;

    /// <summary>Begins the connection with this <paramref name="index"/>. No two connections have the same endpoints.</summary>
    public void Begin(int index, ref SplitMix random)
    {
        _script = ChooseLife(ref random);
        _next = 0;
        bool isIPv6 = random.Below(8) == 0;
        ulong network = isIPv6 ? 0x20010DB800000000UL : 0;
        ulong clientHost = 0x0A000000UL + ((ulong)(index / ClientPorts) << 16) + random.Below(1 << 16);
        ulong serverHost = 0xC0A80000UL + random.Below(64);
        _client = new Endpoint(network, clientHost, (ushort)(32_768 + (index % ClientPorts)));
        _server = new Endpoint(network, serverHost, ServerPorts[random.Below((uint)ServerPorts.Length)]);
        _clientSequence = (uint)random.Next();
        _serverSequence = ReferenceEquals(_script, RefusedLife) ? 0 : (uint)random.Next();
        _roundTrip = 500 + random.Below(50_000);
        _clientIpIdentification = (ushort)random.Next();
        _serverIpIdentification = (ushort)random.Next();
    }

    /// <summary>Writes the next frame and returns its length.</summary>
    public int WriteNext(Span<byte> frame, long microseconds, ref SplitMix random)
    {
        Step step = _script[_next++];
        ref uint own = ref step.FromServer ? ref _serverSequence : ref _clientSequence;
        ref ushort identification = ref step.FromServer ? ref _serverIpIdentification : ref _clientIpIdentification;
        int payload = step.HasPayload ? 24 + (int)random.Below(80) : 0;
        uint sequence = step.IsRepeated ? own - 1 : own;
        uint clock = FirstClock + (uint)(microseconds / 1000);
        SegmentFields fields = new(
            step.FromServer ? _server : _client,
            step.FromServer ? _client : _server,
            sequence,
            (step.Flags & Ack) == 0 ? 0 : step.FromServer ? _clientSequence : _serverSequence,
            step.Flags,
            (step.Flags & TcpFlags.Rst) != 0 ? (ushort)0 : (ushort)(502 + random.Below(8)),
            identification++,
            clock,
            (step.Flags & Ack) == 0 ? 0 : clock - (_roundTrip / 1000),
            payload);
        if (!step.IsRepeated)
            own += (uint)payload + ((step.Flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 ? 1u : 0);
        return FrameBuilder.Write(frame, fields);
    }

    /// <summary>Microseconds until the next frame: half a round trip if the other end answers, a second or more if a SYN is retransmitted.</summary>
    public uint Delay(ref SplitMix random)
    {
        if (_script[_next].IsRepeated)
            return 1_000_000u << (_next - 1);
        bool turns = _script[_next].FromServer != _script[_next - 1].FromServer;
        return turns ? (_roundTrip / 2) + random.Below(200) : 1 + random.Below(100);
    }

    /// <summary>The kinds of 100 connections: 70 graceful, 10 reset, 10 write after close, 8 refused, 1 unanswered, 1 left open after the handshake.</summary>
    private static Step[] ChooseLife(ref SplitMix random)
    {
        int responses = (int)random.Below(MaxResponses);
        return random.Below(100) switch
        {
            < 70 => GracefulLives[responses],
            < 80 => ResetLives[responses],
            < 90 => WriteAfterCloseLives[responses],
            < 98 => RefusedLife,
            98 => UnansweredLife,
            _ => Handshake,
        };
    }

    /// <summary>Makes a request, one to five pieces of the response with an acknowledgment, and then the <paramref name="end"/>.</summary>
    private static Step[][] Lives(Step[] end)
    {
        Step[][] lives = new Step[MaxResponses][];
        for (int i = 0; i < MaxResponses; i++)
        {
            IEnumerable<Step> responses = Enumerable.Repeat(new Step(true, Push, HasPayload: true), i + 1);
            lives[i] = [.. Handshake, new Step(false, Push, HasPayload: true), .. responses, new Step(false, Ack), .. end];
        }

        return lives;
    }
}

/// <summary>Sebastiano Vigna's SplitMix64. The same seed gives the same numbers on every machine and runtime.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public uint Below(uint bound) => (uint)((Next() >> 32) * bound >> 32);
}
