namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>The group of a stated reason. It decides which causes the reason is consistent with.</summary>
internal enum ReasonMeaning
{
    /// <summary>There is no reason, or the reason fits any cause: close_notify, GOAWAY without an error, a successful response.</summary>
    Neutral,

    /// <summary>The side had waited too long.</summary>
    Idle,

    /// <summary>A limit was reached, such as a number of requests.</summary>
    Exhausted,

    /// <summary>The request was not acceptable.</summary>
    Rejected,

    /// <summary>The program was shut down or restarted, or an operator closed the connection.</summary>
    ShuttingDown,

    /// <summary>TLS failed.</summary>
    TlsError,

    /// <summary>Any other error.</summary>
    Error,
}
