using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>Processes the records of a run, one after the other, on one thread.</summary>
internal interface IRecordWriter
{
    /// <summary>Records are kept after <see cref="Write"/>: they are not given back to their pool.</summary>
    bool KeepsRecords => false;

    /// <summary>Writes what stands before the first record.</summary>
    void Begin();

    /// <summary>Takes what it needs of a record: it is given back to its pool after that, unless <see cref="KeepsRecords"/>.</summary>
    void Write(ConnectionClose record);

    /// <summary>Hands to the output what was written.</summary>
    void Flush();
}
