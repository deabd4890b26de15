using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Diagnosis.History;

/// <summary>Stores how the latest connections to one server endpoint were closed.</summary>
internal sealed class EndpointMemory : IReusable
{
    /// <summary>The number of connections that are stored: enough to distinguish a pattern from chance, and few enough to compare each one.</summary>
    private const int Remembered = 8;

    /// <summary>Seconds. Programs often pause for less than this, so equal silences below it mean nothing.</summary>
    private const double ShortestSilence = 1.9;

    /// <summary>
    /// Seconds. Many requests take equally long, up to about this time, so equal ages below it mean nothing. Limits on a connection's age are longer.
    /// </summary>
    private const double ShortestAge = 5;

    /// <summary>
    /// Nanoseconds. Two connections that were closed within this time may have been closed for one common reason, which is neither the silence nor
    /// the age. They count as one.
    /// </summary>
    private const long OneEvent = Nanoseconds.PerSecond;


    private readonly EndedConnection[] _last = new EndedConnection[Remembered];
    private int _count;
    private long _outlived;

    public void Clear()
    {
        _count = 0;
        _outlived = 0;
    }

    public void Add(in EndedConnection ended)
    {
        _last[_count++ % Remembered] = ended;
        _outlived = Math.Max(_outlived, ended.Outlived);
    }

    /// <summary>Finds the properties that the stored connections share with a connection that is not stored yet.</summary>
    /// <param name="ended">The connection to compare.</param>
    /// <param name="sameSecond">How many connections the same host closed within a second of this one, if they are a burst; otherwise 0.</param>
    public CloseNeighbors Compare(in EndedConnection ended, int sameSecond)
    {
        double silence = Nanoseconds.ToSeconds(ended.Silence);
        double age = Nanoseconds.ToSeconds(ended.Age);
        int silences = 0, sameSilence = 0, otherAge = 0, ages = 0, sameAge = 0;
        foreach (ref readonly EndedConnection other in _last.AsSpan(0, Math.Min(_count, Remembered)))
        {
            if (other.ByClient != ended.ByClient || other.ByReset != ended.ByReset || Math.Abs(other.Time - ended.Time) <= OneEvent)
                continue;
            bool isSameAge = age >= ShortestAge && KnownTimers.AreOne(Nanoseconds.ToSeconds(other.Age), age);
            ages += other.Age >= 0 ? 1 : 0;
            sameAge += isSameAge ? 1 : 0;
            if (Nanoseconds.ToSeconds(other.Silence) < ShortestSilence)
                continue;
            bool isSameSilence = KnownTimers.AreOne(Nanoseconds.ToSeconds(other.Silence), silence);
            silences++;
            sameSilence += isSameSilence ? 1 : 0;
            otherAge += isSameSilence && !isSameAge && other.Age >= 0 ? 1 : 0;
        }

        bool constantSilence = silence >= ShortestSilence && sameSilence >= CloseNeighbors.FewestEqual - 1 && sameSilence * 2 >= silences;
        bool constantAge = !constantSilence && sameAge >= CloseNeighbors.FewestEqual && sameAge * 2 >= ages;
        return new CloseNeighbors
        {
            SameSilence = constantSilence ? sameSilence : 0,
            AgesDiffer = age >= ShortestAge && otherAge * 2 > sameSilence,
            LongerSilenceOutlived = IsOutlived(silence, Nanoseconds.ToSeconds(Math.Max(_outlived, ended.Outlived))),
            SameAge = constantAge ? sameAge : 0,
            Age = ended.Age < 0 ? -1 : age,
            SameSecond = constantSilence ? 0 : sameSecond,
        };
    }

    private static bool IsOutlived(double silence, double outlived) => outlived > silence && !KnownTimers.AreOne(silence, outlived);
}
