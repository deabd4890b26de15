using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>
/// Writes connections to a file. The extension decides the format: .pcapng for their packets, .md for a ticket, .html for a page. The file exists
/// only after it is complete, and only its owner may read it.
/// </summary>
internal sealed class RecordExport : IDisposable
{
    /// <summary>The most connections of one file. A page has fewer (<see cref="PageWriter.MaxConnections"/>).</summary>
    public const int MaxConnections = 100_000;

    private static readonly Dictionary<string, Func<PendingFile, Pseudonyms?, IExportFormat>> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pcapng"] = (file, pseudonyms) => new CaptureFormat(file, pseudonyms),
        [".md"] = (file, pseudonyms) => new TicketFormat(file, pseudonyms),
        [".html"] = (file, pseudonyms) => new PageFormat(file, pseudonyms),
    };

    private readonly string _path;
    private readonly PendingFile _file;
    private readonly IExportFormat _format;
    private readonly HashSet<(string Path, int Stream, long FirstFrame)> _added = [];
    private bool _isCut;

    /// <summary>Prepares the export. The file is not created yet.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="overwrite">Whether a regular file that exists there may be replaced.</param>
    /// <param name="anonymize">Whether to replace addresses and names, and to leave out payload and texts from the network.</param>
    /// <exception cref="ArgumentException">The extension is not one of <see cref="Extensions"/>.</exception>
    /// <exception cref="CaptureWriteException">The file exists already.</exception>
    public RecordExport(string path, bool overwrite, bool anonymize = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Formats.TryGetValue(Path.GetExtension(path), out Func<PendingFile, Pseudonyms?, IExportFormat>? format))
            throw new ArgumentException($"{path}: unknown extension, which selects the format; valid: {string.Join(", ", Extensions)}");
        if (!overwrite && FileEntry.Of(path) is not null)
            throw new CaptureWriteException(path, new IOException("there already")) { IsThereAlready = true };
        _path = path;
        _file = new PendingFile(path, overwrite);
        _format = format(_file, anonymize ? new Pseudonyms() : null);
        Capacity = _format.Capacity;
    }

    /// <summary>The extensions that have a format.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Formats.Keys];

    /// <summary>The number of connections that were added so far. One that was added twice counts once.</summary>
    public int Count { get; private set; }

    /// <summary>The most connections that this file can have.</summary>
    public int Capacity { get; internal init; }

    /// <summary>Returns whether a file's extension has a format.</summary>
    public static bool IsKnown(string path) => Formats.ContainsKey(Path.GetExtension(path));

    /// <summary>Returns whether a file with this name needs a second reading of the captures.</summary>
    internal static bool ReadsAgain(string? path) => Path.GetExtension(path ?? "").Equals(".pcapng", StringComparison.OrdinalIgnoreCase);

    /// <summary>The error for a capture that cannot be read again, with the remedy.</summary>
    internal const string CannotReadAgain = "is not a regular file, so it cannot be read twice; copy it to a regular file first";

    /// <summary>Returns whether a capture can be read a second time. This is not possible for a pipe or a device.</summary>
    internal static bool CanReadAgain(string path) => FileEntry.OfTarget(path) is not { Kind: FileKind.Other or FileKind.Socket };

    /// <summary>
    /// Adds a connection, unless it was added before: the records of two runs over a capture may overlap. Returns false if the file already has
    /// <see cref="Capacity"/> connections.
    /// </summary>
    /// <exception cref="CaptureWriteException">The file cannot be written, or is the capture of the connection.</exception>
    public bool TryAdd(ConnectionClose record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (Path.GetFullPath(record.Path) == Path.GetFullPath(_path))
            throw new CaptureWriteException(_path, new IOException("this file is the capture that is read; choose another name"));
        (string, int, long) connection = (record.Path, record.Stream, record.FirstFrame);
        if (_added.Contains(connection))
            return true;
        if (Count == Capacity)
        {
            _isCut = true;
            return false;
        }

        _added.Add(connection);
        Count++;
        Write(() => _format.Add(record));
        return true;
    }

    /// <summary>Whether <see cref="Complete"/> wrote a file. It writes none if there is no connection, or if no packets were found.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>Completes the file, and gives it its name. Returns the problems of captures that could not be read again, or not to their end.</summary>
    /// <param name="open">Opens a capture by the path in its records.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    /// <exception cref="CaptureWriteException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public IReadOnlyList<CaptureProblem> Complete(Func<string, ICaptureSource> open, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        IReadOnlyList<CaptureProblem> problems = [];
        if (Count == 0)
            return problems;
        Write(() =>
        {
            problems = _format.Complete(_isCut, open, cancellation);
            IsWritten = !_format.IsEmpty;
            _format.Dispose();
            if (IsWritten)
                _file.Complete();
        });
        return problems;
    }

    /// <summary>Closes the file. If <see cref="Complete"/> was not called, nothing of the file remains.</summary>
    public void Dispose()
    {
        _format.Dispose();
        _file.Dispose();
    }

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or (IOException and not CaptureWriteException))
        {
            throw new CaptureWriteException(_path, new IOException(_file.WithName(FileReason.Of(e)), e));
        }
    }
}
