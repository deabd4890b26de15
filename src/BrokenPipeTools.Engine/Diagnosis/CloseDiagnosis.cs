namespace BrokenPipeTools.Diagnosis;

/// <summary>What a connection comes to: its cause, and what each side's next calls return.</summary>
internal sealed class CloseDiagnosis
{
    private readonly Finding _finding;
    private readonly SideResults _results0;
    private readonly SideResults _results1;

    public CloseDiagnosis(in CloseCase of)
    {
        _finding = CauseCatalog.Diagnose(new CloseFacts(of));
        _results0 = SideResults.Of(of.Connection, 0);
        _results1 = SideResults.Of(of.Connection, 1);
    }

    /// <summary>The cause.</summary>
    public ref readonly Finding Finding => ref _finding;

    /// <summary>What an end's program gets next.</summary>
    public ref readonly SideResults ResultsAt(int end) => ref end == 0 ? ref _results0 : ref _results1;
}
