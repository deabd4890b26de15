using System.Net;

namespace BrokenPipeTools.Probes;

/// <summary>All probes of one target: its addresses, each probe as often as asked for, one after another.</summary>
internal sealed class TargetProbing(TeardownTarget target, TeardownOptions options, Func<ProbeTurn, Task> make, CancellationToken cancellation)
{
    public async Task RunAsync()
    {
        Resolution found = await Resolution.OfAsync(target.ComputerName, options, cancellation).ConfigureAwait(false);
        if (options.AllAddresses && found.Addresses.Count > 1)
            await Task.WhenAll(found.Addresses.Select(address => ProbeAsync(found with { Addresses = [address] }))).ConfigureAwait(false);
        else
            await ProbeAsync(found).ConfigureAwait(false);
    }

    private async Task ProbeAsync(Resolution found)
    {
        bool first = true;
        for (int iteration = 1; iteration <= (found.Error is null ? options.Count : 1); iteration++)
        {
            foreach (Reports.TeardownProbeKind probe in options.Probes)
            {
                if (!first && found.Error is null)
                    await ProbeConnection.PauseAsync(options.Delay, cancellation).ConfigureAwait(false);
                if (!first && cancellation.IsCancellationRequested)
                    return;
                first = false;
                await make(new ProbeTurn(target, found, probe, iteration, options)).ConfigureAwait(false);
            }
        }
    }
}
