using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>Runs all probes of one target, one after another: each probe, for each address, the requested number of times.</summary>
internal sealed class TargetProbing(TeardownTarget target, TeardownOptions options, Func<ProbeTurn, Task> make, CancellationToken cancellation)
{
    /// <summary>The options for a probe that only connects. It waits for nothing after the connect.</summary>
    private readonly TeardownOptions _connectOnly = options with { UseTls = false, HttpPath = null, Payload = default, WaitLimit = TimeSpan.Zero };

    public async Task RunAsync()
    {
        Resolution found = await Resolution.OfAsync(target.ComputerName, options, cancellation).ConfigureAwait(false);
        if (options.AllAddresses && found.Addresses.Count > 1)
            await Task.WhenAll(EachOf(found).Select(ProbeAsync)).ConfigureAwait(false);
        else
            await ProbeAsync(found).ConfigureAwait(false);
    }

    private async Task ProbeAsync(Resolution found)
    {
        bool first = true;
        Dictionary<TeardownProbeKind, IdleClosings> measured = [];
        for (int iteration = 1; iteration <= (found.Error is null ? options.Count : 1); iteration++)
        {
            foreach (TeardownProbeKind probe in options.Probes)
            {
                if (!first && found.Error is null)
                    await ProbeConnection.PauseAsync(options.Delay, cancellation).ConfigureAwait(false);
                if (!first && cancellation.IsCancellationRequested)
                    return;
                first = false;
                if (probe == TeardownProbeKind.Connect)
                {
                    await Task.WhenAll(EachOf(found).Select(one => make(new ProbeTurn(target, one, probe, iteration, _connectOnly, IdleClosings.None)))).ConfigureAwait(false);
                    continue;
                }

                ProbeTurn turn = new(target, found, probe, iteration, options, measured.GetValueOrDefault(probe, IdleClosings.None));
                await make(turn).ConfigureAwait(false);
                measured[probe] = turn.Closings;
            }
        }
    }

    /// <summary>Splits the resolution into one for each address. If there is no address, returns the resolution itself.</summary>
    private static IEnumerable<Resolution> EachOf(Resolution found) =>
        found.Addresses.Count == 0 ? [found] : found.Addresses.Select(address => found with { Addresses = [address] });
}
