using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>Takes the records of a run, and gives them back to their pool.</summary>
internal interface IRecordSink : IDisposable
{
    /// <summary>Takes a record. It may be held back until <see cref="Flush"/>.</summary>
    void Add(ConnectionClose record);

    /// <summary>Hands over the records added so far, and does not wait until they are done with.</summary>
    void Flush();

    /// <summary>Waits until the records added so far are done with.</summary>
    void Drain();

    /// <summary>Waits until all records are done with: there are no more.</summary>
    void Complete();
}
