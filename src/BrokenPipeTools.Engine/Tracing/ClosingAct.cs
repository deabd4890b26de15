namespace BrokenPipeTools.Tracing;

/// <summary>The action that ended a connection first.</summary>
/// <param name="Time">The time of the action, by the trace's clock.</param>
/// <param name="Side">The side that acted.</param>
/// <param name="Method">The way in which it ended the connection.</param>
/// <param name="IsReset">Whether that side sent a RST in place of a FIN.</param>
/// <param name="Process">The program that acted; null if it does not run on this kernel.</param>
/// <param name="Killer">The program that sent the signal which ended the process; null if there was no signal.</param>
/// <param name="Signal">The signal that ended the process; 0 if there was none.</param>
internal sealed record ClosingAct(long Time, FailureSide Side, CloseMethod Method, bool IsReset, ProcessInfo? Process, ProcessInfo? Killer = null, int Signal = 0);
