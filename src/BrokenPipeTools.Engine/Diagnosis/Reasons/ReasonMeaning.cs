namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>The group of a stated reason; it decides which causes fit.</summary>
internal enum ReasonMeaning
{
    /// <summary>No reason, or one that fits any cause: close_notify, GOAWAY without an error, a successful response.</summary>
    Neutral,

    /// <summary>The sender waited too long.</summary>
    Idle,

    /// <summary>A limit was reached.</summary>
    Exhausted,

    /// <summary>The request was not acceptable.</summary>
    Rejected,

    /// <summary>A shutdown, a restart, an operator.</summary>
    ShuttingDown,

    /// <summary>TLS failed.</summary>
    TlsError,

    /// <summary>Any other error.</summary>
    Error,
}
