using System.Net;
using System.Text;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>Decodes the data in the ring buffer into typed events, with the formats of this kernel. Damaged data are counted and cause no exception.</summary>
internal sealed class EventDecoder
{
    private const int HardIrq = 0x08; // TRACE_FLAG_HARDIRQ, include/linux/trace_events.h
    private const int SoftIrq = 0x10; // TRACE_FLAG_SOFTIRQ

    private readonly Dictionary<int, (int Length, DecodeEvent Decode)> _decoders = [];
    private EventField _type;
    private EventField _flags;
    private EventField _thread;

    private delegate KernelEvent? DecodeEvent(EventOrigin origin, ReadOnlySpan<byte> data);

    /// <summary>The number of events that were too short for their own fields.</summary>
    public long Damaged { get; private set; }

    /// <summary>Adds the format of an event. Returns false if a required field is missing.</summary>
    /// <param name="name">The name of the event, such as <c>sock/sock_send_length</c>.</param>
    /// <param name="format">The format of the event in this kernel.</param>
    public bool Add(string name, EventFormat format)
    {
        if (format.Find("common_type") is not { } type || format.Find("common_flags") is not { } flags || format.Find("common_pid") is not { } thread)
            return false;
        (_type, _flags, _thread) = (type, flags, thread);
        FieldSet fields = new(format);
        DecodeEvent? decode = name switch
        {
            "sock/sock_send_length" => Call(fields, isSend: true),
            "sock/sock_recv_length" => Call(fields, isSend: false),
            "sock/inet_sock_set_state" => State(fields),
            "sock/inet_sk_error_report" => Error(fields),
            "tcp/tcp_receive_reset" => Life(fields, (origin, socket, pair, cookie) => new ResetReceived(origin, socket, pair, cookie)),
            "tcp/tcp_destroy_sock" => Life(fields, (origin, socket, pair, cookie) => new SocketDestroyed(origin, socket, pair, cookie)),
            "tcp/tcp_send_reset" => Reset(fields),
            "tcp/tcp_retransmit_skb" => Retransmitted(fields),
            "signal/signal_generate" => Signal(fields),
            "sched/sched_process_exit" => Exit(fields),
            "sched/sched_process_exec" => Exec(fields),
            "skb/kfree_skb" => Dropped(fields),
            _ when name.StartsWith("syscalls/sys_exit_", StringComparison.Ordinal) => SystemCall(fields, name["syscalls/sys_exit_".Length..]),
            _ => null,
        };
        if (decode is null || fields.IsIncomplete)
            return false;
        _decoders[format.Id] = (fields.Length, decode);
        return true;
    }

    /// <summary>Decodes one event. Returns null if it is damaged or not needed.</summary>
    public KernelEvent? Decode(long time, ReadOnlySpan<byte> data)
    {
        if (!_decoders.TryGetValue((int)_type.Number(data), out (int Length, DecodeEvent Decode) known))
            return null;
        if (data.Length < known.Length)
        {
            Damaged++;
            return null;
        }

        bool isTask = (_flags.Number(data) & (HardIrq | SoftIrq)) == 0;
        return known.Decode(new EventOrigin(time, (int)_thread.Number(data), isTask), data);
    }

    private static DecodeEvent Call(FieldSet fields, bool isSend)
    {
        EventField socket = fields["sk"], family = fields["family"], protocol = fields["protocol"], result = fields["ret"];
        return (origin, data) => new SocketCall(origin, (ulong)socket.Number(data), (int)family.Number(data), (int)protocol.Number(data), (int)result.Number(data), isSend);
    }

    private static DecodeEvent State(FieldSet fields)
    {
        EventField socket = fields["skaddr"], from = fields["oldstate"], to = fields["newstate"];
        PairFields pair = new(fields);
        return (origin, data) => new StateChange(origin, (ulong)socket.Number(data), pair.Read(data), (TcpPhase)from.Number(data), (TcpPhase)to.Number(data));
    }

    private static DecodeEvent Error(FieldSet fields)
    {
        EventField error = fields["error"];
        PairFields pair = new(fields);
        return (origin, data) => new ErrorArmed(origin, pair.Read(data), (int)error.Number(data));
    }

    private static DecodeEvent Life(FieldSet fields, Func<EventOrigin, ulong, SocketPair, ulong, KernelEvent> make)
    {
        EventField socket = fields["skaddr"];
        EventField? cookie = fields.Optional("sock_cookie");
        PairFields pair = new(fields);
        return (origin, data) => make(origin, (ulong)socket.Number(data), pair.Read(data), (ulong)(cookie?.Number(data) ?? 0));
    }

    private static DecodeEvent Reset(FieldSet fields)
    {
        EventField packet = fields["skbaddr"], socket = fields["skaddr"];
        EventField? reason = fields.Optional("reason"), state = fields.Optional("state"), source = fields.Optional("saddr"), destination = fields.Optional("daddr");
        Dictionary<long, string> reasons = fields.SymbolsOf("reason");
        const int SocketAddressLength = 28; // struct sockaddr_in6; kernels before 6.10 have bare addresses here
        return (origin, data) =>
        {
            IPEndPoint? from = source is { Size: SocketAddressLength } s ? SocketPair.EndPointOf(s.Bytes(data)) : null;
            IPEndPoint? to = destination is { Size: SocketAddressLength } d ? SocketPair.EndPointOf(d.Bytes(data)) : null;
            string? name = reason is { } field ? reasons.GetValueOrDefault(field.Number(data), "NOT_SPECIFIED") : null;
            return new ResetSent(origin, (ulong)packet.Number(data), (ulong)socket.Number(data), from is null || to is null ? null : new SocketPair(from, to), name, (TcpPhase)(state?.Number(data) ?? 0));
        };
    }

    private static DecodeEvent Retransmitted(FieldSet fields)
    {
        EventField socket = fields["skaddr"];
        EventField? state = fields.Optional("state");
        PairFields pair = new(fields);
        return (origin, data) => new Retransmission(origin, (ulong)socket.Number(data), pair.Read(data), (TcpPhase)(state?.Number(data) ?? 0));
    }

    private static DecodeEvent Signal(FieldSet fields)
    {
        EventField signal = fields["sig"], code = fields["code"], target = fields["pid"], group = fields["group"], result = fields["result"], name = fields["comm"];
        return (origin, data) => new SignalSent(origin, (int)signal.Number(data), (int)code.Number(data), (int)target.Number(data), Text(name.Bytes(data)), group.Number(data) != 0, result.Number(data) == 1);
    }

    private static DecodeEvent Exit(FieldSet fields)
    {
        EventField thread = fields["pid"], name = fields["comm"];
        return (origin, data) => new ThreadExit(origin, (int)thread.Number(data), Text(name.Bytes(data)));
    }

    private static DecodeEvent Exec(FieldSet fields)
    {
        EventField process = fields["pid"], name = fields["filename"];
        return (origin, data) =>
        {
            uint place = (uint)name.Number(data); // __data_loc: offset in the low half, length in the high one
            int offset = (int)(place & 0xFFFF), length = (int)(place >> 16);
            return new ProgramStart(origin, (int)process.Number(data), offset + length <= data.Length ? Text(data.Slice(offset, length)) : "");
        };
    }

    private static DecodeEvent Dropped(FieldSet fields)
    {
        EventField packet = fields["skbaddr"], reason = fields["reason"];
        EventField? receiver = fields.Optional("rx_sk");
        Dictionary<long, string> reasons = fields.SymbolsOf("reason");
        return (origin, data) => new PacketDropped(origin, (ulong)packet.Number(data), (ulong)(receiver?.Number(data) ?? 0), reasons.GetValueOrDefault(reason.Number(data), "NOT_SPECIFIED"));
    }

    private static DecodeEvent SystemCall(FieldSet fields, string call)
    {
        EventField result = fields["ret"];
        return (origin, data) => new SystemCallFailed(origin, call, (int)result.Number(data));
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>The fields that a decoder needs, and the shortest event that contains all of them.</summary>
    private sealed class FieldSet(EventFormat format)
    {
        public bool IsIncomplete { get; private set; }

        public int Length { get; private set; }

        public EventField this[string name]
        {
            get
            {
                EventField? field = Optional(name);
                IsIncomplete |= field is null;
                return field ?? default;
            }
        }

        public EventField? Optional(string name)
        {
            EventField? field = format.Find(name);
            Length = Math.Max(Length, field?.End ?? 0);
            return field;
        }

        public Dictionary<long, string> SymbolsOf(string field) => format.SymbolsOf(field);
    }

    /// <summary>The fields of addresses and ports. They have the same names in all events of TCP sockets.</summary>
    private sealed class PairFields(FieldSet fields)
    {
        private readonly EventField _localPort = fields["sport"];
        private readonly EventField _remotePort = fields["dport"];
        private readonly EventField _local = fields["saddr_v6"];
        private readonly EventField _remote = fields["daddr_v6"];

        /// <summary>Reads the addresses. The fields for IPv6 also contain IPv4 addresses, as ::ffff:192.0.2.7.</summary>
        public SocketPair Read(ReadOnlySpan<byte> data) =>
            SocketPair.Of(_local.Bytes(data), (int)(_localPort.Number(data) & 0xFFFF), _remote.Bytes(data), (int)(_remotePort.Number(data) & 0xFFFF));
    }
}
