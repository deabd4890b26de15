using System.Numerics;

namespace BrokenPipeTools.Probes;

/// <summary>
/// The idle time-outs of one target that one probe has measured, without the single measurements: there may be millions. Immutable.
/// </summary>
internal sealed record IdleClosings
{
    /// <summary>Tenths of a second: the phases in which closings are counted.</summary>
    private const int Phases = 10;

    /// <summary>A server that counts whole seconds and looks at its clock ten times a second closes in two neighboring phases at most; load adds one.</summary>
    private const int PhasesOfWholeSeconds = 3;

    /// <summary>Fewer measurements show nothing: they often differ by chance.</summary>
    private const int LeastCount = 3;

    /// <summary>
    /// A timer that counts whole seconds, and is looked at ten times a second, is late by up to this time, for example in Redis
    /// (clientsCronHandleTimeout of timeout.c); ASP.NET Core, Tomcat and gunicorn check once per second.
    /// </summary>
    public static readonly TimeSpan WholeSecond = TimeSpan.FromSeconds(1.1);

    /// <summary>Timers that count milliseconds differ by less.</summary>
    private static readonly TimeSpan VisiblyWide = TimeSpan.FromMilliseconds(100);

    /// <summary>No measurement.</summary>
    public static readonly IdleClosings None = new();

    /// <summary>A bit for each tenth of a second in which a connection was closed, by the clock.</summary>
    private int _phases;

    private IdleClosings()
    {
    }

    /// <summary>How many were measured.</summary>
    public int Count { get; private init; }

    /// <summary>The shortest.</summary>
    public TimeSpan Least { get; private init; } = TimeSpan.MaxValue;

    /// <summary>The longest.</summary>
    public TimeSpan Most { get; private init; }

    /// <summary>The longest round trip of their connections.</summary>
    public TimeSpan RoundTrip { get; private init; }

    /// <summary>By how much they differ.</summary>
    public TimeSpan Spread => Count == 0 ? TimeSpan.Zero : Most - Least;

    /// <summary>
    /// Whether the server's timer is seen to count finer than whole seconds. If it did not, all connections would have been closed in
    /// the same part of a second, and the time-outs would differ by as much as the times at which the connections became idle.
    /// </summary>
    public bool IsFine
    {
        get
        {
            int covered = Phases - LongestGap();
            return Count >= LeastCount && covered > PhasesOfWholeSeconds && Spread * 2 * Phases < TimeSpan.FromSeconds(covered - 2);
        }
    }

    /// <summary>
    /// Whether more measurements would hardly change the margin: there are some, and the connections became idle in different parts of
    /// a second.
    /// </summary>
    public bool IsEnough => IsFine || (Count >= LeastCount && Spread > VisiblyWide);

    /// <summary>
    /// How much shorter than <see cref="Least"/> the time-out may be. Of n values that are spread evenly over some width, the shortest
    /// and the longest are (n - 1) / (n + 1) of it apart on average: the rest of the width is 2 / (n - 1) of that distance.
    /// </summary>
    public TimeSpan Granularity
    {
        get
        {
            TimeSpan unseen = Count > 1 ? Spread * 2 / (Count - 1) : TimeSpan.Zero;
            return IsFine || unseen > WholeSecond ? unseen : WholeSecond;
        }
    }

    /// <summary>Returns the measurements with one more.</summary>
    /// <param name="after">The idle time after which the connection was closed.</param>
    /// <param name="at">When that was.</param>
    /// <param name="roundTrip">Of its connection.</param>
    public IdleClosings With(TimeSpan after, DateTime at, TimeSpan roundTrip) => this with
    {
        Count = Count + 1,
        Least = after < Least ? after : Least,
        Most = after > Most ? after : Most,
        RoundTrip = roundTrip > RoundTrip ? roundTrip : RoundTrip,
        _phases = _phases | (1 << (int)(at.Ticks % TimeSpan.TicksPerSecond * Phases / TimeSpan.TicksPerSecond)),
    };

    /// <summary>The most neighboring phases, counted round, in which nothing was closed.</summary>
    private int LongestGap()
    {
        if (_phases == 0)
            return Phases;
        int longest = 0;
        for (int first = 0; first < Phases; first++)
        {
            int turned = ((_phases >> first) | (_phases << (Phases - first))) & ((1 << Phases) - 1);
            longest = Math.Max(longest, Math.Min(Phases, BitOperations.TrailingZeroCount(turned)));
        }

        return longest;
    }
}
