namespace BrokenPipeTools.Reports;

/// <summary>The sides whose write is a broken pipe: EPIPE.</summary>
public enum BrokenPipe
{
    None,
    Client,
    Server,
    Both,
}
