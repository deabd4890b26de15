namespace BrokenPipeTools.Capture.Text;

/// <summary>The connections of a text trace. Their number is bounded: if there are more, the one that was added first is removed.</summary>
internal sealed class TraceFlows
{
    /// <summary>The most connections that are stored; each needs about 400 bytes.</summary>
    public const int MaxFlows = 50_000;

    private readonly Dictionary<TraceFlowKey, TraceFlow> _flows = [];
    private readonly Dictionary<(TraceAddress, TraceAddress), List<TraceFlow>> _byHosts = [];
    private readonly Queue<TraceFlowKey> _order = new();

    /// <summary>The most connections of one pair of hosts that a packet without ports is compared with.</summary>
    private const int MaxPerHosts = 64;

    /// <summary>Returns a connection; creates it if it is new.</summary>
    public TraceFlow Get(in TraceFlowKey key)
    {
        if (_flows.TryGetValue(key, out TraceFlow? flow))
            return flow;
        if (_flows.Count >= MaxFlows)
            Forget(_order.Dequeue());
        flow = new TraceFlow(key);
        _flows.Add(key, flow);
        _order.Enqueue(key);
        if (!_byHosts.TryGetValue(key.Hosts, out List<TraceFlow>? list))
            _byHosts.Add(key.Hosts, list = []);
        if (list.Count >= MaxPerHosts)
            list.RemoveAt(0);
        list.Add(flow);
        return flow;
    }

    /// <summary>Returns a connection; null if it is not stored.</summary>
    public TraceFlow? Find(in TraceFlowKey key) => _flows.GetValueOrDefault(key);

    /// <summary>Returns the connections between two hosts, the newest last.</summary>
    public IReadOnlyList<TraceFlow> Between(in TraceAddress one, in TraceAddress other)
    {
        TraceFlowKey key = TraceFlowKey.Portless(one, other);
        return _byHosts.TryGetValue(key.Hosts, out List<TraceFlow>? list) ? list : [];
    }

    /// <summary>Returns the newest connections of a host.</summary>
    public IEnumerable<TraceFlow> Of(TraceAddress host) =>
        _byHosts.Count > MaxPerHosts ? [] : _byHosts.Where(pair => pair.Key.Item1 == host || pair.Key.Item2 == host).SelectMany(pair => pair.Value);

    private void Forget(in TraceFlowKey key)
    {
        _flows.Remove(key);
        (TraceAddress, TraceAddress) hosts = key.Hosts;
        if (!_byHosts.TryGetValue(hosts, out List<TraceFlow>? list))
            return;
        TraceFlowKey gone = key;
        list.RemoveAll(flow => flow.Key == gone);
        if (list.Count == 0)
            _byHosts.Remove(hosts);
    }
}
