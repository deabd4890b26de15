namespace BrokenPipeTools.Reports;

/// <summary>The results of the calls of a probe, as tables show them in one column.</summary>
internal static class ProbeCalls
{
    /// <summary>
    /// Of a probe that only connects, the result of connect and the address: a name may have several. Of the others, the results of the
    /// read that met the close and of the two writes after it. It takes plain values, because a record that was serialized has lost
    /// its type. Null and empty texts mean that a call was not made.
    /// </summary>
    public static string Of(string? probe, string? error, string? address, string? mechanism, params string?[] results)
    {
        if (probe != nameof(TeardownProbeKind.Connect) || string.IsNullOrEmpty(address))
            return string.Join(", ", results.Where(result => !string.IsNullOrEmpty(result)));
        string connect = !string.IsNullOrEmpty(error) ? error : mechanism == nameof(CloseMechanism.Silence) ? "blocks" : "ok";
        return $"connect {connect} {address}";
    }
}
