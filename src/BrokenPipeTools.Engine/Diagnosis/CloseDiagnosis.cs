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

    /// <summary>
    /// Returns the results of the next calls at an end. The finding is also based on them. An end without a socket makes no calls any more.
    /// </summary>
    public SideResults ResultsAt(int end)
    {
        ref readonly SideResults results = ref _finding.Facts.ResultsAt(end);
        return end == EndWithoutSocket ? new SideResults(results.Connect, CallResult.NoSocket, CallResult.NoSocket, IsCutOff: false) : results;
    }

    /// <summary>
    /// The end whose host had no socket for the connection any more; -1 for none. If a call of that end fails, its program still has the socket.
    /// </summary>
    public int EndWithoutSocket => _finding.Rule.EndWithoutSocket(_finding.Facts) is >= 0 and var end && _finding.Facts.ResultsAt(end).Read == CallResult.Blocks ? end : -1;
}
