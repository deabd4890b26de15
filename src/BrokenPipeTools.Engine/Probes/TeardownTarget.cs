using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>Whom to probe.</summary>
/// <param name="ComputerName">A name, or an address; an IPv6 address with its scope where it needs one: <c>fe80::1%eth0</c>.</param>
/// <param name="Port">From 1 to 65,535.</param>
public sealed record TeardownTarget(string ComputerName, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => Endpoint.Describe(ComputerName, Port);
}
