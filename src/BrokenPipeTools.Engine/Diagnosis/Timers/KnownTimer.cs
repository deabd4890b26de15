namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>A time-out that a product has, or that a site has set.</summary>
/// <param name="Seconds">It fires after so long without a packet, or without payload. From 1 up to a year.</param>
/// <param name="Mode">How it shows on the wire.</param>
/// <param name="Closer">Who ends the connection.</param>
/// <param name="Product">The product and its name of the timer, as in explanations.</param>
/// <param name="Source">Where that is documented; empty if it is not.</param>
public sealed record KnownTimer(double Seconds, TimerMode Mode, TimerCloser Closer, string Product, string Source);
