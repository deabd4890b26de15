using System.Runtime.CompilerServices;
using System.Text;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// The connection as Zeek logs it: a state for each end and the history string. Each letter of the history is a kind of packet, in the order of first
/// appearance, upper case for the originator. Written from Zeek's documentation of conn_state and history (scripts/base/protocols/conn), and checked
/// against its published baselines.
/// </summary>
internal struct ZeekView
{
    /// <summary>Letters that need no separate object; an ordinary connection has eight: ShADadFf.</summary>
    private const int InlineLetters = 10;

    /// <summary>Zeek has no bound; more letters are not useful to a reader.</summary>
    public const int MaxLetters = 200;

    private Rest? _rest;
    private SequenceNumber _last0; // the highest sequence number that an end has reached in Zeek's count
    private SequenceNumber _last1;
    private Letters _letters;
    private byte _count;
    private Mark _seen0;
    private Mark _seen1;
    private ZeekStates _states0;
    private ZeekStates _states1;
    private Opened _opened;

    [Flags]
    private enum Mark : byte
    {
        Syn = 1,
        Fin = 2,
        Rst = 4,
        Data = 8,
        Ack = 16,
        Multiple = 32,
        FinRst = 64,
    }

    private enum Opened : byte
    {
        NotYet,
        ByEnd0,
        ByEnd1,
    }

    /// <summary>The end that Zeek considers to be the opener.</summary>
    public readonly int Originator => _opened == Opened.ByEnd1 ? 1 : 0;

    public readonly string History
    {
        get
        {
            Span<byte> letters = stackalloc byte[MaxLetters];
            return Encoding.ASCII.GetString(letters[..CopyHistory(letters)]);
        }
    }

    /// <summary>Writes the history's letters, at most <see cref="MaxLetters"/>. Returns how many were written.</summary>
    public readonly int CopyHistory(Span<byte> letters)
    {
        for (int i = 0; i < _count; i++)
            letters[i] = i < InlineLetters ? _letters[i] : _rest!.Letters[i - InlineLetters];
        return _count;
    }

    public readonly ZeekEndState OriginatorState => StateOf(Originator);

    public readonly ZeekEndState ResponderState => StateOf(1 - Originator);

    /// <summary>
    /// Adds a segment, before it is added to the sides. <paramref name="end"/> sent it; <paramref name="x"/> is that side, <paramref name="y"/> the
    /// other.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Observe(in Segment s, int end, in Side x, in Side y)
    {
        const TcpFlags Control = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst;
        Mark seen = end == 0 ? _seen0 : _seen1;
        Mark mark = s.PayloadLength > 0 ? Mark.Data : Mark.Ack;
        bool ordinary = (s.Flags & Control) == 0
            && _states0.Current == ZeekEndState.Established && _states1.Current == ZeekEndState.Established
            && (seen & mark) != 0 && s.Window != 0
            && !s.Acknowledgment.IsAfter(y.Sent.Next)
            && !y.Sent.HasGaps && !y.Has(SideMarks.SnappedPayload);
        ref SequenceNumber last = ref end == 0 ? ref _last0 : ref _last1;
        SequenceNumber next = s.EndSequence;
        if (ordinary && next.IsAfter(last))
            last = next;
        else if (!ordinary || s.PayloadLength > 0)
            ObserveSlowly(s, end, x, y);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ObserveSlowly(in Segment s, int end, in Side x, in Side y)
    {
        if (_opened == Opened.NotYet)
            Begin(s, end);
        if (s.HasLength)
            AddFlags(s, end, x);
        NoteTroubles(s, end);
        Transition(s, end);
        NoteGaps(s, end, x, y);
    }

    /// <summary>Begins a connection. If it does not begin with a SYN, the ends are exchanged if only the sender's port is a server's.</summary>
    private void Begin(in Segment s, int end)
    {
        _opened = end == 1 ? Opened.ByEnd1 : Opened.ByEnd0;
        if (s.Has(TcpFlags.Syn) && !s.Has(TcpFlags.Ack))
            return;
        bool flip = ServerPorts.IsLikely(s.SourcePort)
            && (!ServerPorts.IsLikely(s.DestinationPort) || (!s.Has(TcpFlags.Syn) && s.SourcePort < s.DestinationPort));
        if (flip)
            Flip();
    }

    private void Flip()
    {
        _opened = _opened == Opened.ByEnd1 ? Opened.ByEnd0 : Opened.ByEnd1;
        Write('^');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddFlags(in Segment s, int end, in Side x)
    {
        Mark mark = MarkOf(s, out char letter);
        if (mark != 0 && !AddOnce(end, mark, letter))
            AddAgain(s, end, x, mark, letter);
    }

    /// <summary>Returns the kind of a segment, and its letter; 0 if it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Mark MarkOf(in Segment s, out char letter)
    {
        bool ack = s.Has(TcpFlags.Ack);
        (Mark mark, letter) = (s.Flags & (TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst)) switch
        {
            TcpFlags.None => s.PayloadLength > 0 ? (Mark.Data, 'D') : ack ? (Mark.Ack, 'A') : default,
            TcpFlags.Syn => (Mark.Syn, ack ? 'H' : 'S'),
            TcpFlags.Fin => (Mark.Fin, 'F'),
            TcpFlags.Rst => (Mark.Rst, 'R'),
            TcpFlags.Syn | TcpFlags.Fin => (Mark.Multiple, 'Q'),
            TcpFlags.Syn | TcpFlags.Rst => (Mark.Multiple, 'Q'),
            _ => (Mark.FinRst, 'I'),
        };
        return mark;
    }

    /// <summary>Adds the letter of a flag again if the sequence number differs from that of the flag before.</summary>
    private void AddAgain(in Segment s, int end, in Side x, Mark mark, char letter)
    {
        bool differs = mark switch
        {
            Mark.Syn => s.Sequence != x.BaseSequence,
            Mark.Fin => s.EndSequence != x.FinEnd,
            Mark.Rst => s.Sequence != x.RstSequence,
            _ => false,
        };
        if (differs)
            Add(end, letter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool AddOnce(int end, Mark mark, char letter)
    {
        if (mark is Mark.Ack or Mark.Data && _count == 1 && _letters[0] == (byte)'H')
            TurnRoundAfterSynAck();
        ref Mark seen = ref end == 0 ? ref _seen0 : ref _seen1;
        if ((seen & mark) != 0)
            return false;
        seen |= mark;
        Add(end, letter);
        return true;
    }

    /// <summary>Exchanges the ends of a connection that began with a SYN-ACK and continues: it is not a scan, but a connection whose SYN was not captured.</summary>
    private void TurnRoundAfterSynAck()
    {
        _count = 0;
        Flip();
        Write('h');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int end, char letter) => Write(end == Originator ? letter : char.ToLowerInvariant(letter));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(char letter)
    {
        if (_count < InlineLetters)
            _letters[_count++] = (byte)letter;
        else
            WriteRest(letter);
    }

    private void WriteRest(char letter)
    {
        if (_count >= MaxLetters)
            return;
        (_rest ??= new Rest()).Letters.Add((byte)letter);
        _count++;
    }

    /// <summary>Writes W for a zero window and T for a repeated segment, at the first, tenth, hundredth … occurrence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteTroubles(in Segment s, int end)
    {
        ZeekEndState state = StateOf(end);
        if (s.Window == 0 && !s.Has(TcpFlags.Rst) && s.HasFlags && StateOf(1 - end) != ZeekEndState.Closed && state != ZeekEndState.Reset)
            Scale(ref (_rest ??= new Rest()).ZeroWindows[end], end, 'W');
        if (Advance(s, end, state) <= 0 && s.PayloadLength > 0)
            Scale(ref (_rest ??= new Rest()).Repeats[end], end, 'T');
    }

    /// <summary>
    /// Updates an end's highest sequence number and returns by how much it grew; 0 or less means a repetition. Zeek ignores the payload of a RST, the
    /// number of a SYN or RST that is far off, and everything after a RST. A SYN with payload counts as a repetition of itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Advance(in Segment s, int end, ZeekEndState state)
    {
        const int TooFar = 1 << 20;
        ref SequenceNumber last = ref end == 0 ? ref _last0 : ref _last1;
        SequenceNumber next = s.Has(TcpFlags.Rst) ? s.EndSequence.Add(-s.PayloadLength) : s.EndSequence;
        bool begins = state == ZeekEndState.Inactive || (s.Has(TcpFlags.Syn) && state != ZeekEndState.Closed && state != ZeekEndState.Reset);
        if (begins)
            last = s.Has(TcpFlags.Syn) ? next : s.Sequence;
        int advance = next.DistanceFrom(last);
        if (state == ZeekEndState.Reset || (s.Has(TcpFlags.Syn | TcpFlags.Rst) && advance is > TooFar or < -TooFar))
            return 1;
        if (advance > 0)
            last = next;
        return advance;
    }

    /// <summary>Writes G: the other side acknowledged bytes that were not captured.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteGaps(in Segment s, int end, in Side x, in Side y)
    {
        if (!s.Has(TcpFlags.Ack) || !y.Sent.IsKnown || !x.Has(SideMarks.HasAcknowledged) || !IsClean(0) || !IsClean(1))
            return;
        SequenceNumber ack = s.Acknowledgment;
        if (y.Has(SideMarks.Fin) && ack.IsAtOrAfter(y.FinEnd))
            ack = y.FinEnd.Add(-1);
        if (!ack.IsAfter(x.Acknowledged))
            return;
        int gaps = y.Sent.CountGaps(x.Acknowledged, ack) + (ack.IsAfter(y.Sent.Next) ? 1 : 0);
        if (gaps == 0 && y.Has(SideMarks.SnappedPayload))
            gaps = 1; // Zeek does not reassemble payload that was cut
        for (int i = 0; i < gaps; i++)
            Scale(ref (_rest ??= new Rest()).Gaps[1 - end], 1 - end, 'G');
    }

    private void Scale(ref int counter, int end, char letter)
    {
        counter++;
        int power = 1;
        while (power < counter && power < 1_000_000_000)
            power *= 10;
        if (counter == power)
            Add(end, letter);
    }

    private readonly ZeekEndState StateOf(int end) => end == 0 ? _states0.Current : _states1.Current;

    private readonly ZeekEndState PreviousOf(int end) => end == 0 ? _states0.Previous : _states1.Previous;

    private readonly bool IsClean(int end) => StateOf(end) == ZeekEndState.Established
        || (StateOf(end) == ZeekEndState.Closed && PreviousOf(end) == ZeekEndState.Established);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Transition(in Segment s, int end)
    {
        ref ZeekStates own = ref end == 0 ? ref _states0 : ref _states1;
        ref ZeekStates peer = ref end == 0 ? ref _states1 : ref _states0;
        ZeekStep step = ZeekTransition.Next(s, own.Current, peer.Current, end == Originator);
        if (!step.Changes)
            return;
        if (step.Reverses)
            Flip();

        // A FIN shows that the other end's FIN and then RST were an ordinary close.
        bool wasOpen = own.Current is ZeekEndState.Established or ZeekEndState.Partial;
        bool isOrdinaryClose = wasOpen && step.State == ZeekEndState.Closed && step.Peer == ZeekEndState.Reset && peer.Previous == ZeekEndState.Closed;
        own.Enter(step.State);
        peer.Enter(isOrdinaryClose ? ZeekEndState.Closed : step.Peer);
    }

    [InlineArray(InlineLetters)]
    private struct Letters
    {
        private byte _first;
    }

    /// <summary>The data that few connections need.</summary>
    private sealed class Rest
    {
        /// <summary>The letters after the inline ones.</summary>
        public List<byte> Letters { get; } = [];

        public int[] ZeroWindows { get; } = new int[2];

        public int[] Repeats { get; } = new int[2];

        public int[] Gaps { get; } = new int[2];
    }
}
