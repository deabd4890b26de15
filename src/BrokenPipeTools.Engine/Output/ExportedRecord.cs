using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>The texts of a record in an export: either unchanged, or without addresses, names and texts from the network.</summary>
internal sealed class ExportedRecord
{
    private const string ResetText = "RST text: ";
    private const string LeftOut = "(left out)";

    private readonly Pseudonyms? _pseudonyms;
    private readonly string[] _secrets = [];

    /// <param name="record">The record.</param>
    /// <param name="pseudonyms">The replacements of addresses and names; null if they are kept.</param>
    public ExportedRecord(ConnectionClose record, Pseudonyms? pseudonyms)
    {
        Record = record;
        _pseudonyms = pseudonyms;
        if (pseudonyms is null)
            return;
        pseudonyms.Learn(record);
        _secrets = [.. new[] { record.ClientCloseReason, record.ServerCloseReason }.OfType<string>().Where(reason => reason.StartsWith(ResetText, StringComparison.Ordinal)).Select(reason => reason[ResetText.Length..])];
    }

    /// <summary>The record itself. Use it only for values that are not texts.</summary>
    public ConnectionClose Record { get; }

    public string Client => new EndpointText(Host(Record.ClientAddress), Record.ClientPort).ToString();

    public string Server => new EndpointText(Host(Record.ServerAddress), Record.ServerPort).ToString();

    public string? ServerName => Record.ServerName is { } name && _pseudonyms is not null ? _pseudonyms.Host(name) : Record.ServerName;

    public string Path => _pseudonyms?.Capture(Record.Path) ?? Record.Path;

    public string Explanation => Text(Record.Explanation);

    public string Advice => Text(Record.Advice);

    public string WiresharkFilter => Text(Record.WiresharkFilter);

    public string? ClientCloseReason => Reason(Record.ClientCloseReason);

    public string? ServerCloseReason => Reason(Record.ServerCloseReason);

    /// <summary>The frames that prove the cause, and the meaning of each.</summary>
    public IEnumerable<(long Frame, string Shows)> Evidence => Record.Evidence.Select(evidence => (evidence.Frame, Text(evidence.Shows)));

    public IEnumerable<(string Cause, string Why)> Alternatives => Record.Alternatives.Select(other => (other.Cause.ToString(), Text(other.Why)));

    public IEnumerable<string> Ladder => MarkedLadder.Of(Record).Select(Text);

    private string Host(string host) => _pseudonyms?.Host(host) ?? host;

    private string? Reason(string? reason) => reason is null ? null : Text(reason);

    private string Text(string text)
    {
        foreach (string secret in _secrets)
            text = text.Replace(secret, LeftOut, StringComparison.Ordinal);
        return _pseudonyms?.Text(text) ?? text;
    }
}
