using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Summaries;

/// <summary>The properties that a summary needs of a record that was saved or sent.</summary>
internal readonly record struct CountedClose : ICountedClose
{
    /// <summary>The cause.</summary>
    public required Cause Cause { get; init; }

    /// <summary>The state at the end.</summary>
    public required CloseState State { get; init; }

    /// <summary>The side that closed first.</summary>
    public required ClosedBy ClosedBy { get; init; }

    /// <summary>The client's address.</summary>
    public required string ClientAddress { get; init; }

    /// <summary>The server's address.</summary>
    public required string ServerAddress { get; init; }

    /// <summary>The server's port.</summary>
    public required ushort ServerPort { get; init; }

    /// <summary>Time of the first segment, UTC.</summary>
    public required DateTime StartTime { get; init; }

    /// <summary>Time of the last segment, UTC.</summary>
    public required DateTime EndTime { get; init; }

    /// <summary>The path of the capture.</summary>
    public required string Path { get; init; }

    /// <summary>The stream number of the connection in that capture.</summary>
    public required int Stream { get; init; }

    /// <summary>The frame that shows the closing.</summary>
    public required long Frame { get; init; }

    /// <summary>The Wireshark filter for the connection; null to use the filter by stream number.</summary>
    public string? WiresharkFilter { get; init; }

    PairKey ICountedClose.Pair => PairKey.Of(ClientAddress, new EndpointText(ServerAddress, ServerPort));

    CountedExample ICountedClose.ToExample() => new(Path, Stream, Frame, WiresharkFilter);
}
