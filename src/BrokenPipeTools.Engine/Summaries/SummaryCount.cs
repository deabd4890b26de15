using System.Runtime.CompilerServices;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Summaries;

/// <summary>
/// A line of a summary while connections are counted. It is a value that is changed in place, so a million pairs need no garbage collection.
/// </summary>
internal struct SummaryCount
{
    /// <summary>The most examples of a line.</summary>
    public const int MostExamples = 3;

    private ExampleSlots _examples;
    private byte _examplesKept;
    private byte _troubledKept;
    private DateTime _start;
    private DateTime _end;

    /// <summary>The number of connections that were counted.</summary>
    public long Count { get; private set; }

    /// <summary>How many of these connections ended in trouble.</summary>
    public long Troubled { get; private set; }

    /// <summary>
    /// Counts a connection, and keeps it as an example if there is room. A connection that ended in trouble is put before the other examples, and may
    /// replace the last of them.
    /// </summary>
    /// <param name="close">The connection.</param>
    /// <param name="isTroubled">Whether the connection ended in trouble.</param>
    public void Add<T>(in T close, bool isTroubled)
        where T : struct, ICountedClose
    {
        (DateTime start, DateTime end) = (close.StartTime, close.EndTime);
        if (Count++ == 0)
            (_start, _end) = (start, end);
        if (isTroubled)
            Troubled++;
        if (start < _start)
            _start = start;
        if (end > _end)
            _end = end;
        if ((isTroubled ? _troubledKept : _examplesKept) < MostExamples)
            Keep(close.ToExample(), isTroubled);
    }

    /// <summary>Makes the line of the summary.</summary>
    /// <param name="group">The group of the line.</param>
    /// <param name="name">The name of the line.</param>
    /// <param name="connections">The number of all connections that were counted.</param>
    public readonly SummaryLine ToLine(SummaryGroup group, string name, long connections) => new()
    {
        Group = group,
        Name = name,
        Count = Count,
        Share = connections == 0 ? 0 : (double)Count / connections,
        Troubled = Troubled,
        StartTime = Count == 0 ? null : _start,
        EndTime = Count == 0 ? null : _end,
        Examples = [.. ((ReadOnlySpan<CountedExample>)_examples)[.._examplesKept].ToArray().Select(one => new SummaryExample(one))],
    };

    private void Keep(in CountedExample example, bool isTroubled)
    {
        Span<CountedExample> examples = _examples;
        int at = isTroubled ? _troubledKept++ : _examplesKept;
        examples[at..^1].CopyTo(examples[(at + 1)..]);
        examples[at] = example;
        if (_examplesKept < MostExamples)
            _examplesKept++;
    }

    [InlineArray(MostExamples)]
    private struct ExampleSlots
    {
        private CountedExample _first;
    }
}
