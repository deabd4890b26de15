using System.Text;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>
/// Writes connections to a file in the format of its extension: <c>.pcapng</c> their packets, <c>.md</c> a ticket. The file appears with
/// the first connection, and only its owner may read it.
/// </summary>
public sealed class RecordExport : IDisposable
{
    /// <summary>Connections of one file at most.</summary>
    public const int MaxConnections = 100_000;

    private const string CaptureExtension = ".pcapng";
    private const string TicketExtension = ".md";

    private readonly string _path;
    private readonly bool _overwrite;
    private readonly bool _isTicket;
    private readonly CaptureExtract _packets = new();
    private StreamWriter? _text;
    private TicketWriter? _ticket;

    /// <summary>Prepares a file. It is not written yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Replaces a regular file that is there.</param>
    /// <exception cref="ArgumentException">The extension is none of <see cref="Extensions"/>.</exception>
    /// <exception cref="CaptureWriteException">The file is there already.</exception>
    public RecordExport(string path, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!IsKnown(path))
            throw new ArgumentException($"{path}: the extension decides the format; it is none of {string.Join(", ", Extensions)}");
        if (!overwrite && FileEntry.Of(path) is not null)
            throw new CaptureWriteException(path, new IOException("there already")) { IsThereAlready = true };
        (_path, _overwrite, _isTicket) = (path, overwrite, IsTicket(path));
    }

    /// <summary>The extensions that have a format.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [CaptureExtension, TicketExtension];

    /// <summary>Connections so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a file's extension has a format.</summary>
    public static bool IsKnown(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a connection. Returns false if the file holds as many as it may: <see cref="MaxConnections"/>.</summary>
    /// <exception cref="CaptureWriteException">The file cannot be written, or is the capture of the connection.</exception>
    public bool TryAdd(ConnectionClose record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (Path.GetFullPath(record.Path) == Path.GetFullPath(_path))
            throw new CaptureWriteException(_path, new IOException("this is the capture of the connections; choose another name"));
        if (Count == MaxConnections)
            return false;
        Count++;
        if (_isTicket)
            Write(() => Ticket().Write(record));
        else
            _packets.Add(record);
        return true;
    }

    /// <summary>Completes the file. Returns the captures that could not be read again, or not to their end.</summary>
    /// <param name="open">Opens a capture by the path that records have.</param>
    /// <param name="cancellation">Ends it; what was written stays.</param>
    /// <exception cref="CaptureWriteException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<CaptureProblem> Complete(Func<string, ICaptureSource> open, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        IReadOnlyList<CaptureProblem> problems = [];
        Write(() =>
        {
            _text?.Flush();
            if (_isTicket || Count == 0)
                return;
            using PcapWriter writer = PcapWriter.Create(_path, _overwrite, "The packets of single connections. Frame numbers in comments are those of the captures that they come from.");
            problems = _packets.WriteTo(writer, open, cancellation);
        });
        return problems;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _text?.Dispose();

    private static bool IsTicket(string path) => string.Equals(Path.GetExtension(path), TicketExtension, StringComparison.OrdinalIgnoreCase);

    private TicketWriter Ticket() => _ticket ??= new TicketWriter(_text = new StreamWriter(PrivateFile.Create(_path, _overwrite), new UTF8Encoding(false)));

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
