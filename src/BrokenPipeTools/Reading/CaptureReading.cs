using System.Diagnostics.CodeAnalysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Reading;

/// <summary>
/// One capture from opening to end. Whatever is wrong with the file becomes <see cref="Problem"/>, so that only cancellation and
/// our own mistakes come out as exceptions.
/// </summary>
internal sealed class CaptureReading(string path, Func<CloseAnalyzer> open, CancellationToken cancellation) : IDisposable
{
    private CloseAnalyzer? _analyzer;

    /// <summary>Reads a file, or standard input for "-".</summary>
    public CaptureReading(string path, AnalyzerOptions options, CancellationToken cancellation)
        : this(path, () => new CloseAnalyzer(Open(path, cancellation), options), cancellation)
    {
    }

    /// <summary>What there is to complain of; known once <see cref="TryNext"/> has returned false.</summary>
    public CaptureProblem? Problem { get; private set; }

    /// <summary>The exception behind <see cref="Problem"/>, for <c>$Error[0].Exception</c>.</summary>
    public Exception? Cause { get; private set; }

    /// <summary>What became of the frames; null where the capture could not even be opened.</summary>
    public string? Summary => _analyzer is null ? null : CaptureSummary.Of(_analyzer);

    /// <summary>What to warn of where a live capture dropped frames; null where it did not.</summary>
    public string? Loss => _analyzer is null ? null : CaptureSummary.LossOf(_analyzer, path);

    /// <summary>The next record; false at the end, or where nothing more can be read.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool TryNext([NotNullWhen(true)] out ConnectionClose? record)
    {
        try
        {
            _analyzer ??= open();
            if (_analyzer.TryNext(out record, cancellation))
                return true;
            Problem = CaptureProblem.From(_analyzer, path);
            Cause = _analyzer.Fault;
            return false;
        }
        catch (Exception e) when (CaptureProblem.From(e, path) is not null)
        {
            Problem = CaptureProblem.From(e, path);
            Cause = e;
            record = null;
            return false;
        }
    }

    public void Dispose() => _analyzer?.Dispose();

    /// <summary>Opens a file, or standard input for "-", so that waiting for its bytes can be cancelled.</summary>
    public static ICaptureSource Open(string path, CancellationToken cancellation)
    {
        ICaptureSource Interruptible(Func<Stream> open) => CaptureFile.Open(new InterruptibleStream(open, cancellation), path);

        if (path == CaptureFile.StandardInput)
            return Interruptible(Console.OpenStandardInput);
        return MayWait(path) ? Interruptible(() => OpenShared(path)) : CaptureFile.Open(path);
    }

    /// <summary>Nobody is to be kept from writing to what we read.</summary>
    private static FileStream OpenShared(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>A named pipe shows as a file without bytes, and even opening one waits for its writer. A file that is empty costs nothing this way.</summary>
    private static bool MayWait(string path)
    {
        FileInfo file = new(path);
        return file.Exists && file.Length == 0;
    }
}
