using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Output;

/// <summary>The connections of one capture that are extracted. It finds the connection of each segment.</summary>
internal sealed class ExtractedFlows
{
    private readonly Dictionary<FlowKey, List<ExtractedConnection>> _byKey = new(new PacketKeyComparer<FlowKey>());
    private readonly FlowSketch _sketch;
    private readonly long _firstFrame = long.MaxValue;
    private readonly long _lastFrame;

    public ExtractedFlows(IEnumerable<ExtractedConnection> connections)
    {
        foreach (ExtractedConnection connection in connections.OrderBy(connection => connection.FirstFrame))
        {
            if (!_byKey.TryGetValue(connection.Key, out List<ExtractedConnection>? list))
                _byKey[connection.Key] = list = [];
            list.Add(connection);
            _firstFrame = Math.Min(_firstFrame, connection.FirstFrame);
            _lastFrame = Math.Max(_lastFrame, connection.LastFrame);
        }

        _sketch = new FlowSketch(_byKey.Keys);
    }

    /// <summary>Returns whether a frame belongs to connections that are not extracted. Most frames do, and need not be decoded further.</summary>
    public bool IsOfOthers(in Frame frame)
    {
        if (!FrameEndpoints.TryRead(frame, out FrameEndpoints ends))
            return false;
        if (frame.Number < _firstFrame || frame.Number > _lastFrame)
            return true;
        FlowKey key = FlowKey.Of(ends);
        return !_sketch.MayHave(key) || !_byKey.ContainsKey(key);
    }

    /// <summary>
    /// Finds the connection of a segment, or of the segment that an ICMP error quotes. Such an error may come after the last segment, or before the
    /// first one if the quoted packet was not captured. Returns null if the connection is not extracted.
    /// </summary>
    public ExtractedConnection? Find(in Segment s)
    {
        if (!_byKey.TryGetValue(FlowKey.Of(s, out int sender), out List<ExtractedConnection>? list))
            return null;
        for (int i = list.Count - 1; i >= 0; i--)
        {
            ExtractedConnection connection = list[i];
            if (s.Frame < connection.FirstFrame)
                continue;
            if (s.IsQuoted)
                return connection;
            if (s.Frame > connection.LastFrame)
                return null;
            connection.Find();
            return connection;
        }

        return s.IsQuoted && list[0].MayHaveBegunAt(s.Sequence, sender) ? list[0] : null;
    }
}
