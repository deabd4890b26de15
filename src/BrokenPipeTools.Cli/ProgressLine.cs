using Spectre.Console;

namespace BrokenPipeTools.Cli;

/// <summary>One line on standard error that says how far a long work has come; nothing where that is no terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IAnsiConsole? _console;
    private readonly DateTime _start = DateTime.UtcNow;
    private bool _shown;

    public ProgressLine()
    {
        if (!Console.IsErrorRedirected)
            _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    }

    public void Show(AnalyzerProgress progress)
    {
        string share = progress.Length is > 0 and { } length ? $"{progress.Position * 100.0 / length:0}%" : $"{progress.Position >> 20} MiB";
        Show($"{Path.GetFileName(progress.Name)}: {share}, {progress.Frames:N0} frames, {progress.HeldConnections:N0} connections held");
    }

    /// <summary>The same for what is no capture.</summary>
    public void Show(string text)
    {
        if (_console is null || !_console.Profile.Capabilities.Ansi || DateTime.UtcNow - _start < Patience)
            return;
        _console.Write(new ControlCode("\r\e[2K"));
        _console.Write(new Text(text[..Math.Min(text.Length, _console.Profile.Width - 1)], new Style(foreground: Color.Grey)));
        _shown = true;
    }

    public void Clear()
    {
        if (_shown)
            _console!.Write(new ControlCode("\r\e[2K"));
        _shown = false;
    }

    public void Dispose() => Clear();
}
