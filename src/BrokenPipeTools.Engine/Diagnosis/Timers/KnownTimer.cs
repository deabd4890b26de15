namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>A time-out of a product, or one that a site has set.</summary>
/// <param name="Seconds">The time without a packet, or without payload, after which it fires. From 1 second up to a year.</param>
/// <param name="Mode">Its effect on the wire.</param>
/// <param name="Closer">The side that ends the connection.</param>
/// <param name="Product">The product and its name of the timer, as in explanations.</param>
/// <param name="Source">The document that describes it; empty if there is none.</param>
public sealed record KnownTimer(double Seconds, TimerMode Mode, TimerCloser Closer, string Product, string Source);
