namespace BrokenPipeTools.Reports;

/// <summary>Makes the text of the calls of a probe for one column of a table.</summary>
internal static class ProbeCalls
{
    /// <summary>
    /// Returns the results. For a probe that only connects, these are the result of connect and the address, because a name may have several
    /// addresses; for the others, the results of the read that returned the close and of the two writes after it. The parameters are plain values,
    /// because a record that was serialized has lost its type. Null and empty texts mean that a call was not made.
    /// </summary>
    public static string Of(string? probe, string? error, string? address, string? mechanism, params string?[] results)
    {
        if (probe != nameof(TeardownProbeKind.Connect) || string.IsNullOrEmpty(address))
            return string.Join(", ", results.Where(result => !string.IsNullOrEmpty(result)));
        string connect = !string.IsNullOrEmpty(error) ? error : mechanism == nameof(CloseMechanism.Silence) ? "blocks" : "ok";
        return $"connect {connect} {address}";
    }
}
