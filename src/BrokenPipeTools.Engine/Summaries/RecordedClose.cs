using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Summaries;

/// <summary>A record made by this process.</summary>
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
                return PairKey.Of(record.ClientAddress, record.ServerEndpoint);
            return new PairKey(record.Connection.Endpoint(record.ClientEnd).Address, record.Connection.Endpoint(1 - record.ClientEnd));
        }
    }

    public CountedExample ToExample() => CountedExample.Of(record);
}
