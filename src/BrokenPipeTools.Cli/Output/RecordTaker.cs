using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Counts or collects records, for a command that writes only after the last one.</summary>
/// <param name="take">Processes or copies the record before it returns.</param>
/// <param name="keeps">Whether it keeps the records.</param>
internal sealed class RecordTaker(Action<ConnectionClose> take, bool keeps = false) : IRecordWriter
{
    public bool KeepsRecords => keeps;

    public void Begin()
    {
    }

    public void Write(ReadOnlySpan<ConnectionClose> records)
    {
        foreach (ConnectionClose record in records)
            take(record);
    }

    public void Flush()
    {
    }
}
