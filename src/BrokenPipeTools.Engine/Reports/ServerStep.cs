namespace BrokenPipeTools.Reports;

/// <summary>The unit for which a misbehaving server selects the next behavior of its sequence.</summary>
public enum ServerStep
{
    /// <summary>Every connection.</summary>
    Connection,

    /// <summary>Every request, on any connection.</summary>
    Request,
}
