using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>
/// Writes connections to a file in the format of its extension: <c>.pcapng</c> their packets, <c>.md</c> a ticket, <c>.html</c> a page. The
/// file appears with the first connection, and only its owner may read it.
/// </summary>
public sealed class RecordExport : IDisposable
{
    /// <summary>Connections of one file at most; a page holds fewer.</summary>
    public const int MaxConnections = 100_000;

    private static readonly Dictionary<string, Func<string, bool, Pseudonyms?, IExportFormat>> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pcapng"] = (path, overwrite, pseudonyms) => new CaptureFormat(path, overwrite, pseudonyms),
        [".md"] = (path, overwrite, pseudonyms) => new TicketFormat(path, overwrite, pseudonyms),
        [".html"] = (path, overwrite, pseudonyms) => new PageFormat(path, overwrite, pseudonyms),
    };

    private readonly string _path;
    private readonly IExportFormat _format;
    private bool _isCut;

    /// <summary>Prepares a file. It is not written yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Replaces a regular file that is there.</param>
    /// <param name="anonymize">Replaces addresses and names, and leaves out payload and texts of strangers.</param>
    /// <exception cref="ArgumentException">The extension is none of <see cref="Extensions"/>.</exception>
    /// <exception cref="CaptureWriteException">The file is there already.</exception>
    public RecordExport(string path, bool overwrite, bool anonymize = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Formats.TryGetValue(Path.GetExtension(path), out Func<string, bool, Pseudonyms?, IExportFormat>? format))
            throw new ArgumentException($"{path}: the extension decides the format; it is none of {string.Join(", ", Extensions)}");
        if (!overwrite && FileEntry.Of(path) is not null)
            throw new CaptureWriteException(path, new IOException("there already")) { IsThereAlready = true };
        _path = path;
        _format = format(path, overwrite, anonymize ? new Pseudonyms() : null);
        Capacity = _format.Capacity;
    }

    /// <summary>The extensions that have a format.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Formats.Keys];

    /// <summary>Connections so far.</summary>
    public int Count { get; private set; }

    /// <summary>Connections that this file holds at most.</summary>
    public int Capacity { get; internal init; }

    /// <summary>Whether a file's extension has a format.</summary>
    public static bool IsKnown(string path) => Formats.ContainsKey(Path.GetExtension(path));

    /// <summary>Adds a connection. Returns false if the file holds as many as it may: <see cref="Capacity"/>.</summary>
    /// <exception cref="CaptureWriteException">The file cannot be written, or is the capture of the connection.</exception>
    public bool TryAdd(ConnectionClose record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (Path.GetFullPath(record.Path) == Path.GetFullPath(_path))
            throw new CaptureWriteException(_path, new IOException("this is the capture of the connections; choose another name"));
        if (Count == Capacity)
        {
            _isCut = true;
            return false;
        }

        Count++;
        Write(() => _format.Add(record));
        return true;
    }

    /// <summary>Completes the file. Returns the captures that could not be read again, or not to their end.</summary>
    /// <param name="open">Opens a capture by the path that records have.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CaptureWriteException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<CaptureProblem> Complete(Func<string, ICaptureSource> open, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        IReadOnlyList<CaptureProblem> problems = [];
        if (Count > 0)
            Write(() => problems = _format.Complete(_isCut, open, cancellation));
        return problems;
    }

    /// <summary>Closes the file. Without <see cref="Complete"/> no page is left; what was written of the other formats stays.</summary>
    public void Dispose() => _format.Dispose();

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CaptureWriteException(_path, new IOException(e.Message, e));
        }
        catch (IOException e) when (e is not CaptureWriteException)
        {
            throw new CaptureWriteException(_path, e);
        }
    }
}
