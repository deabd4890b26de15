namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>The side that ends the connection after a time-out.</summary>
public enum TimerCloser
{
    /// <summary>The side that opened it: a client's pool, or a proxy towards its servers.</summary>
    Client,

    /// <summary>The side that was connected to: a server, or a proxy towards its clients.</summary>
    Server,

    /// <summary>A device in between that neither side talks to: its end bears the address of one of them.</summary>
    Middlebox,

    /// <summary>Either side: the same time-out stands at both ends.</summary>
    Both,
}
