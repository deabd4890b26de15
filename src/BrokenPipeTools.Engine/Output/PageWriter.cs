using System.Text;
using System.Text.Json;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>
/// Writes connections as one HTML page that needs and loads no other file: an overview, a table that can be sorted and filtered, and the ladder of
/// each connection. Each connection is written immediately. The counts come after the connections in the file, although the page shows them first.
/// </summary>
internal sealed class PageWriter : IDisposable
{
    /// <summary>The most connections of one page, because a browser keeps all of them in memory.</summary>
    public const int MaxConnections = 20_000;

    private const int FlushAbove = 1 << 16;

    private readonly Stream _output;
    private readonly Pseudonyms? _pseudonyms;
    private readonly Utf8JsonWriter _json;
    private readonly PageTexts _texts = new();
    private readonly PageOverview _overview = new();

    /// <summary>Begins a page.</summary>
    /// <param name="output">The stream, which gets UTF-8. It is not closed.</param>
    /// <exception cref="IOException">The page cannot be written; every other method throws this too.</exception>
    public PageWriter(Stream output)
        : this(output, pseudonyms: null)
    {
    }

    internal PageWriter(Stream output, Pseudonyms? pseudonyms)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _pseudonyms = pseudonyms;
        _json = new Utf8JsonWriter(output);
        Write(PageTemplate.Head);
        _json.WriteStartArray();
        PageConnection.WriteNames(_json);
    }

    /// <summary>Writes a connection.</summary>
    public void Write(ConnectionClose record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ExportedRecord shown = new(record, _pseudonyms);
        _overview.Add(shown);
        PageConnection.Write(_json, shown, _texts);
        if (_json.BytesPending > FlushAbove)
            _json.Flush();
    }

    /// <summary>Ends the page.</summary>
    /// <param name="isCut">Whether there were more connections than <see cref="MaxConnections"/>.</param>
    public void Complete(bool isCut)
    {
        _json.WriteEndArray();
        _json.Flush();
        Write(PageTemplate.AfterConnections);
        _json.Reset();
        _texts.WriteTo(_json);
        _json.Flush();
        Write(PageTemplate.AfterTexts + _overview.ToHtml(isCut) + PageTemplate.Tail);
    }

    /// <summary>Releases the buffer. If <see cref="Complete"/> was not called, text in the buffer is lost.</summary>
    public void Dispose()
    {
        _json.Reset();
        _json.Dispose();
    }

    private void Write(string text) => _output.Write(Encoding.UTF8.GetBytes(text));
}
