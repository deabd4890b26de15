namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>A time-out that a product has, or that a site has set.</summary>
/// <param name="Seconds">It fires after so long without a packet, or without payload. From 1 up to a year.</param>
/// <param name="Mode">How it shows on the wire.</param>
/// <param name="Closer">Who ends the connection.</param>
/// <param name="Product">Whose it is, and what it is called there; explanations name it like this.</param>
/// <param name="Source">Where that is documented; empty if it is not.</param>
public sealed record KnownTimer(double Seconds, TimerMode Mode, TimerCloser Closer, string Product, string Source);
