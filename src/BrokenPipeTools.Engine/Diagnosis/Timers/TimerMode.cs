namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>The effect of a time-out on the wire.</summary>
public enum TimerMode
{
    /// <summary>A FIN is sent when the time is over.</summary>
    Fin,

    /// <summary>A RST is sent when the time is over, to one side or both.</summary>
    Reset,

    /// <summary>The state is dropped; a RST answers the next packet.</summary>
    ResetInReply,

    /// <summary>The state is dropped; nothing is answered any more.</summary>
    Silence,

    /// <summary>The state of a half-closed connection is dropped; later packets get no answer, or a RST.</summary>
    HalfClosed,

    /// <summary>
    /// A FIN is sent when the time after an answer is over: the timer of a persistent connection that waits for the next request. It does not run
    /// before the first request, nor while a request waits for its answer.
    /// </summary>
    KeepAlive,
}
