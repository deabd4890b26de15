using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>What is done with the records of a run, one after the other, on one thread.</summary>
internal interface IRecordWriter
{
    /// <summary>Writes what stands before the first record.</summary>
    void Begin();

    /// <summary>Takes what it needs of a record: it is given back to its pool after that.</summary>
    void Write(ConnectionClose record);

    /// <summary>Hands to the output what was written.</summary>
    void Flush();
}
