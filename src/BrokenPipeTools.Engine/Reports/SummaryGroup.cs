namespace BrokenPipeTools.Reports;

/// <summary>The property that the connections of a <see cref="SummaryLine"/> share.</summary>
public enum SummaryGroup
{
    /// <summary>No property: all connections.</summary>
    Total,

    /// <summary>The cause.</summary>
    Cause,

    /// <summary>The state at the end.</summary>
    State,

    /// <summary>The side that closed first.</summary>
    ClosedBy,

    /// <summary>The server's port.</summary>
    Service,

    /// <summary>The client's address and the server's endpoint; only connections in trouble.</summary>
    Pair,
}
