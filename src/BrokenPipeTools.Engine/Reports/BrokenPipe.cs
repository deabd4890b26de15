namespace BrokenPipeTools.Reports;

/// <summary>The sides whose write is a broken pipe: EPIPE.</summary>
public enum BrokenPipe
{
    /// <summary>Neither side.</summary>
    None,

    /// <summary>The client.</summary>
    Client,

    /// <summary>The server.</summary>
    Server,

    /// <summary>Both sides.</summary>
    Both,
}
