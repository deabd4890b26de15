namespace BrokenPipeTools.Wire;

/// <summary>
/// Reassembles IP fragments (RFC 791, section 3.2; RFC 8200, section 4.5). Bounded: if there are too many unfinished datagrams, the oldest ones are
/// removed; if a datagram has too many gaps, it begins again.
/// </summary>
internal sealed class FragmentTable
{
    private const int MaxDatagrams = 1024;
    private const int MaxDatagramLength = 65_535;

    private readonly Dictionary<DatagramId, Datagram> _datagrams = new(new PacketKeyComparer<DatagramId>());
    private readonly Queue<(DatagramId Id, Datagram Datagram)> _order = new();
    private long _begun;

    /// <summary>Datagrams that were removed unfinished to stay within the bound.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Fragments that were added so far.</summary>
    public long Added { get; private set; }

    /// <summary>The number, from 1, of the datagram that the newest fragment belongs to; 0 before the first.</summary>
    public long Newest { get; private set; }

    /// <summary>
    /// Adds the fragment in <paramref name="p"/>. Returns true if the datagram is now complete: then <paramref name="p"/> contains it. A fragment
    /// that was not completely captured cannot be used.
    /// </summary>
    public bool TryComplete(ref Packet p)
    {
        ref IpHeader ip = ref p.Ip;
        if (ip.FragmentOffset + p.Length > MaxDatagramLength)
            return false;
        DatagramId id = new(ip.Source, ip.Destination, ip.FragmentId, ip.Protocol, ip.IsIPv6);
        if (!_datagrams.TryGetValue(id, out Datagram? datagram))
            datagram = Begin(id);
        Added++;
        Newest = datagram.Number;
        datagram.Add(p.Bytes, ip.FragmentOffset, ip.MoreFragments);
        if (!datagram.IsWhole)
            return false;

        _datagrams.Remove(id);
        p.Bytes = datagram.Bytes;
        p.Length = p.Bytes.Length;
        return true;
    }

    private Datagram Begin(DatagramId id)
    {
        while (_datagrams.Count >= MaxDatagrams || _order.Count >= 2 * MaxDatagrams)
        {
            (DatagramId oldest, Datagram abandoned) = _order.Dequeue();
            if (_datagrams.TryGetValue(oldest, out Datagram? current) && ReferenceEquals(current, abandoned))
            {
                _datagrams.Remove(oldest);
                GivenUp++;
            }
        }

        Datagram datagram = new(++_begun);
        _datagrams.Add(id, datagram);
        _order.Enqueue((id, datagram));
        return datagram;
    }

    private readonly record struct DatagramId(IpBits Source, IpBits Destination, uint Id, byte Protocol, bool IsIPv6) : IPacketKey
    {
        /// <inheritdoc/>
        public uint Hash(in HashSecret secret) => secret.Hash(Source, Destination, (ulong)Protocol << 32 | Id);
    }

    /// <summary>An incomplete datagram: its bytes, and the ranges that have arrived.</summary>
    private sealed class Datagram(long number)
    {
        /// <summary>
        /// The most separate ranges in one datagram. Fragments out of order cause a few, and every further fragment is compared with each of them.
        /// </summary>
        private const int MaxStretches = 64;

        private readonly List<(int Start, int End)> _filled = [];
        private byte[] _bytes = new byte[4096];
        private int _end = -1;

        public long Number => number;

        public bool IsWhole => _end >= 0 && _filled.Count == 1 && _filled[0] == (0, _end);

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _end);

        public void Add(ReadOnlySpan<byte> fragment, int offset, bool more)
        {
            if (_filled.Count == MaxStretches)
                Clear();
            int end = offset + fragment.Length;
            if (end > _bytes.Length)
                Array.Resize(ref _bytes, Math.Min(MaxDatagramLength, Math.Max(end, _bytes.Length * 2)));
            fragment.CopyTo(_bytes.AsSpan(offset));
            if (!more)
                _end = end;
            Merge(offset, end);
        }

        private void Clear()
        {
            _filled.Clear();
            _end = -1;
        }

        private void Merge(int start, int end)
        {
            for (int i = _filled.Count - 1; i >= 0; i--)
            {
                (int s, int e) = _filled[i];
                if (s > end || e < start)
                    continue;
                start = Math.Min(start, s);
                end = Math.Max(end, e);
                _filled.RemoveAt(i);
            }

            _filled.Add((start, end));
        }
    }
}
