using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis;

/// <summary>The diagnosis of a connection: its cause, and the results of each side's next calls.</summary>
internal sealed class CloseDiagnosis
{
    private readonly Finding _finding;
    private readonly int _endOfRule; // the end without a socket by the rule alone; -1 for none

    public CloseDiagnosis(in CloseCase of)
    {
        _finding = CauseCatalog.Diagnose(new CloseFacts(of));
        _endOfRule = _finding.Rule.EndWithoutSocket(_finding.Facts);
    }

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
    public int EndWithoutSocket => _endOfRule >= 0 && _finding.Facts.ResultsAt(_endOfRule).Read == CallResult.Blocks ? _endOfRule : -1;
}
