namespace BrokenPipeTools.Reports;

/// <summary>The side that acted in a step of a scenario or a probe.</summary>
public enum StepSide
{
    /// <summary>The side that connects.</summary>
    Client,

    /// <summary>The side that listens.</summary>
    Server,

    /// <summary>Neither: a firewall between them, or time that passes.</summary>
    Network,
}
