using BrokenPipeTools.Analysis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Shows the progress of a long operation in one line on standard error; nothing if standard error is not a terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan ShowAfter = TimeSpan.FromSeconds(1);

    private readonly Terminal _terminal = Terminal.OfError();
    private readonly DateTime _start = DateTime.UtcNow;
    private bool _shown;

    public void Show(AnalyzerProgress progress)
    {
        string share = progress.Length is > 0 and { } length ? $"{progress.Position * 100.0 / length:0}%" : $"{progress.Position >> 20} MiB";
        Show($"{Path.GetFileName(progress.Name)}: {share}, {progress.Frames:N0} frames, {progress.HeldConnections:N0} connections held");
    }

    /// <summary>Shows the progress of an operation that does not read a capture. Shows nothing within the first second.</summary>
    public void Show(string text)
    {
        if (!_terminal.TakesSequences || DateTime.UtcNow - _start < ShowAfter)
            return;
        StandardError.Write(Render(text, Terminal.Width(), _terminal.ShowsColors));
        _shown = true;
    }

    public void Clear()
    {
        if (_shown)
            StandardError.Write(Terminal.EraseLine);
        _shown = false;
    }

    public void Dispose() => Clear();

    /// <summary>Formats the line in gray. It is cut so that the last column stays free: if a line fills the whole width, a terminal begins a new line.</summary>
    internal static string Render(string text, int width, bool inColor)
    {
        text = DisplayText.Of(text);
        text = text[..Math.Clamp(width - 1, 0, text.Length)];
        return Terminal.EraseLine + (inColor ? $"\e[90m{text}\e[0m" : text);
    }
}
