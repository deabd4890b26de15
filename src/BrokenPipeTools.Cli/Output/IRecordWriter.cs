using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Processes the records of a run, one after the other, on one thread.</summary>
internal interface IRecordWriter
{
    /// <summary>Whether records are kept after <see cref="Write"/>, so that they are not returned to their pool.</summary>
    bool KeepsRecords => false;

    /// <summary>Writes the text before the first record.</summary>
    void Begin();

    /// <summary>Writes or copies a few records. After that they are returned to their pool, unless <see cref="KeepsRecords"/> is true.</summary>
    void Write(ReadOnlySpan<ConnectionClose> records);

    /// <summary>Flushes the written text to the output.</summary>
    void Flush();
}
