namespace BrokenPipeTools.Reports;

/// <summary>The unit that takes the next behavior of a misbehaving server's sequence.</summary>
public enum ServerStep
{
    /// <summary>Every connection.</summary>
    Connection,

    /// <summary>Every request, on whichever connection it comes.</summary>
    Request,
}
