namespace BrokenPipeTools.Reports;

/// <summary>Whose write is a broken pipe.</summary>
public enum BrokenPipe
{
    None,
    Client,
    Server,
    Both,
}
