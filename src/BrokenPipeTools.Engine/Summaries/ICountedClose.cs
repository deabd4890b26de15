using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Summaries;

/// <summary>The properties that a summary needs of a record. The record was made by this process, or was saved or sent.</summary>
internal interface ICountedClose
{
    /// <summary>The cause.</summary>
    Cause Cause { get; }

    /// <summary>The state at the end.</summary>
    CloseState State { get; }

    /// <summary>The side that closed first.</summary>
    ClosedBy ClosedBy { get; }

    /// <summary>The client's address and the server's endpoint.</summary>
    PairKey Pair { get; }

    /// <summary>Time of the first segment, UTC.</summary>
    DateTime StartTime { get; }

    /// <summary>Time of the last segment, UTC.</summary>
    DateTime EndTime { get; }

    /// <summary>Makes an example from the record.</summary>
    CountedExample ToExample();
}
