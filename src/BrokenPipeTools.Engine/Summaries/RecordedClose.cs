using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Summaries;

/// <summary>A record of this process.</summary>
internal readonly struct RecordedClose(ConnectionClose record) : ICountedClose
{
    public Cause Cause => record.Cause;

    public CloseState State => record.State;

    public ClosedBy ClosedBy => record.ClosedBy;

    public DateTime StartTime => record.StartTime;

    public DateTime EndTime => record.EndTime;

    public PairKey Pair
    {
        get
        {
            if (record.HasNames)
                return PairKey.Of(record.ClientAddress, record.ServerAddress, record.ServerPort);
            FlowKey key = record.Connection.Key;
            return record.ClientEnd == 0
                ? new PairKey(key.Address0, key.Address1, key.Port1, key.IsIPv6)
                : new PairKey(key.Address1, key.Address0, key.Port0, key.IsIPv6);
        }
    }

    public CountedExample ToExample() => CountedExample.Of(record);
}
