using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes the names of the TCP counters that this kernel has. The tooltip is the meaning of the counter.</summary>
public sealed class CounterNameCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => Read().Select(counter => (counter.Name, counter.Meaning.Length > 0 ? counter.Meaning : counter.Name));

    private static IReadOnlyList<TcpAbortCounter> Read()
    {
        try
        {
            using TcpCounterSource source = TcpCounterSource.Open();
            return source.Read().List();
        }
        catch (CounterException)
        {
            return []; // not Linux: there is nothing to complete
        }
    }
}
