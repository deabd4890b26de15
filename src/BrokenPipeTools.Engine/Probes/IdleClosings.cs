using System.Numerics;

namespace BrokenPipeTools.Probes;

/// <summary>
/// A summary of the idle time-outs that one probe of one target has measured. It keeps no single measurements, because there may be millions.
/// Immutable.
/// </summary>
internal sealed record IdleClosings
{
    /// <summary>The number of phases in which closings are counted: tenths of a second.</summary>
    private const int Phases = 10;

    /// <summary>
    /// The most neighboring phases in which a server closes if it counts whole seconds. A server that checks its clock ten times a second needs two;
    /// load adds one.
    /// </summary>
    private const int PhasesOfWholeSeconds = 3;

    /// <summary>The fewest measurements from which conclusions are drawn. Fewer often differ by chance.</summary>
    private const int LeastCount = 3;

    /// <summary>
    /// The longest delay of a timer that counts whole seconds and is checked ten times a second, as in Redis (clientsCronHandleTimeout of timeout.c).
    /// ASP.NET Core, Tomcat and gunicorn check once per second.
    /// </summary>
    public static readonly TimeSpan WholeSecond = TimeSpan.FromSeconds(1.1);

    /// <summary>Time-outs that differ by more than this do not come from a timer that counts milliseconds.</summary>
    private static readonly TimeSpan VisiblyWide = TimeSpan.FromMilliseconds(100);

    /// <summary>The summary without any measurement.</summary>
    public static readonly IdleClosings None = new();

    /// <summary>One bit for each tenth of a second, set if a connection was closed in that part of a second by the clock.</summary>
    private int _phases;

    private IdleClosings()
    {
    }

    /// <summary>The number of measurements.</summary>
    public int Count { get; private init; }

    /// <summary>The shortest time-out.</summary>
    public TimeSpan Least { get; private init; } = TimeSpan.MaxValue;

    /// <summary>The longest time-out.</summary>
    public TimeSpan Most { get; private init; }

    /// <summary>The longest round trip of the measured connections.</summary>
    public TimeSpan RoundTrip { get; private init; }

    /// <summary>The difference between the longest and the shortest time-out.</summary>
    public TimeSpan Spread => Count == 0 ? TimeSpan.Zero : Most - Least;

    /// <summary>
    /// Whether the measurements prove that the server's timer counts in smaller units than whole seconds. A timer of whole seconds would have closed
    /// all connections in the same part of a second, and the time-outs would differ by as much as the times at which the connections became idle.
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
    /// Whether further measurements would hardly change the margin: there are enough, and the connections became idle in different parts of a second.
    /// </summary>
    public bool IsEnough => IsFine || (Count >= LeastCount && Spread > VisiblyWide);

    /// <summary>
    /// How much shorter than <see cref="Least"/> the real time-out may be. If n values are spread evenly over an interval, the shortest and the
    /// longest are on average (n - 1) / (n + 1) of the interval apart. The rest of the interval is 2 / (n - 1) of their distance.
    /// </summary>
    public TimeSpan Granularity
    {
        get
        {
            TimeSpan unseen = Count > 1 ? Spread * 2 / (Count - 1) : TimeSpan.Zero;
            return IsFine || unseen > WholeSecond ? unseen : WholeSecond;
        }
    }

    /// <summary>Returns the measurements with one more added.</summary>
    /// <param name="after">The idle time after which the connection was closed.</param>
    /// <param name="at">The time when the connection was closed.</param>
    /// <param name="roundTrip">The round trip of the connection.</param>
    public IdleClosings With(TimeSpan after, DateTime at, TimeSpan roundTrip) => this with
    {
        Count = Count + 1,
        Least = after < Least ? after : Least,
        Most = after > Most ? after : Most,
        RoundTrip = roundTrip > RoundTrip ? roundTrip : RoundTrip,
        _phases = _phases | (1 << (int)(at.Ticks % TimeSpan.TicksPerSecond * Phases / TimeSpan.TicksPerSecond)),
    };

    /// <summary>Returns the longest run of phases in which no connection was closed. The first phase follows the last one.</summary>
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
