namespace BrokenPipeTools.Tracing;

/// <summary>The first action that ended a connection.</summary>
/// <param name="Time">The time, by the trace's clock.</param>
/// <param name="Side">The side that acted.</param>
/// <param name="Method">The way in which it ended the connection.</param>
/// <param name="IsReset">Whether it sent a RST in place of a FIN.</param>
/// <param name="Process">The program; null if it does not run on this kernel.</param>
/// <param name="Killer">The program that sent the signal; null for none.</param>
/// <param name="Signal">The signal that ended the process; 0 for none.</param>
internal sealed record ClosingAct(long Time, FailureSide Side, CloseMethod Method, bool IsReset, ProcessInfo? Process, ProcessInfo? Killer = null, int Signal = 0);
