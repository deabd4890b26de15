using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis;

/// <summary>The diagnosis of a connection: its cause, and the results of each side's next calls.</summary>
internal sealed class CloseDiagnosis
{
    private readonly Finding _finding;

    public CloseDiagnosis(in CloseCase of) => _finding = CauseCatalog.Diagnose(new CloseFacts(of));

    /// <summary>The cause.</summary>
    public ref readonly Finding Finding => ref _finding;

    /// <summary>Returns the results of the next calls at an end. The finding is also based on them.</summary>
    public ref readonly SideResults ResultsAt(int end) => ref _finding.Facts.ResultsAt(end);
}
