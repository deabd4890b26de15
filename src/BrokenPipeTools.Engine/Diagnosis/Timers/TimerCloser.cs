namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>The side that ends the connection after a time-out.</summary>
public enum TimerCloser
{
    /// <summary>The side that opened the connection: a client's pool, or a proxy toward its servers.</summary>
    Client,

    /// <summary>The side that was connected to: a server, or a proxy toward its clients.</summary>
    Server,

    /// <summary>A device on the path: its RST or FIN has the address of one of the sides.</summary>
    Middlebox,

    /// <summary>Either side: both have the same time-out.</summary>
    Both,
}
