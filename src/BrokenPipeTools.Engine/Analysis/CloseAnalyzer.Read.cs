using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <content>The records of a capture as a sequence.</content>
public sealed partial class CloseAnalyzer
{
    private const int RecordsTogether = 256;

    /// <summary>Reads a capture file, or standard input for "-": one record for each TCP connection, as soon as it is final.</summary>
    /// <param name="path">The capture: pcap, pcapng, a text trace, any of them compressed with gzip.</param>
    /// <param name="options">Bounds and filters; null for the defaults.</param>
    /// <exception cref="Capture.CaptureFormatException">
    /// The file is empty, not a capture, or damaged. The exception has the file and the byte offset, and is thrown after the records of everything
    /// before it.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read, or not to its end; thrown after the records of everything before it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IEnumerable<ConnectionClose> Read(string path, AnalyzerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Records();

        IEnumerable<ConnectionClose> Records()
        {
            using CloseAnalyzer analyzer = Open(path, options);
            while (analyzer.TryNext(out ConnectionClose? record))
                yield return record;
            analyzer.ThrowIfFaulty();
        }
    }

    /// <inheritdoc cref="Read"/>
    /// <summary>Reads a capture as <see cref="Read"/> does, without blocking the caller: on threads of the pool.</summary>
    /// <param name="path">The capture.</param>
    /// <param name="options">Bounds and filters; null for the defaults.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static IAsyncEnumerable<ConnectionClose> ReadAsync(string path, AnalyzerOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Records(cancellation);

        async IAsyncEnumerable<ConnectionClose> Records([EnumeratorCancellation] CancellationToken stop)
        {
            using CloseAnalyzer analyzer = await Task.Run(() => Open(path, options), stop).ConfigureAwait(false);
            List<ConnectionClose> records = new(RecordsTogether);
            while (await Task.Run(() => analyzer.TakeFinal(records, stop), stop).ConfigureAwait(false))
            {
                foreach (ConnectionClose record in records)
                    yield return record;
            }

            analyzer.ThrowIfFaulty();
        }
    }

    /// <summary>Waits for the next record, and takes all records that are final then. Returns false at the end.</summary>
    private bool TakeFinal(List<ConnectionClose> records, CancellationToken cancellation)
    {
        records.Clear();
        while ((records.Count == 0 || (_table.HasFinished && records.Count < RecordsTogether)) && TryNext(out ConnectionClose? record, cancellation))
            records.Add(record);
        return records.Count > 0;
    }

    private void ThrowIfFaulty()
    {
        if (Fault is not null)
            ExceptionDispatchInfo.Throw(Fault);
    }
}
