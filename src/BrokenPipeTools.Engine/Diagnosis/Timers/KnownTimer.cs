namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>A time-out of a product, or one that the user's own table contains.</summary>
/// <param name="Seconds">The seconds without a packet, or without payload, after which the timer fires. From 1 second up to a year.</param>
/// <param name="Mode">The effect of the timer on the wire.</param>
/// <param name="Closer">The side that ends the connection.</param>
/// <param name="Product">The product and its name of the timer, as in explanations.</param>
/// <param name="Source">The address of the document that describes the timer; empty if there is none.</param>
public sealed record KnownTimer(double Seconds, TimerMode Mode, TimerCloser Closer, string Product, string Source);
