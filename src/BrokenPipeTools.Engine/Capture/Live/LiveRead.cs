namespace BrokenPipeTools.Capture.Live;

/// <summary>The result of a read of a live source.</summary>
internal enum LiveRead
{
    /// <summary>A frame.</summary>
    Frame,

    /// <summary>No frame for a while, about a tenth of a second; more may come.</summary>
    Idle,

    /// <summary>The capture was stopped, and every frame captured before that has been read.</summary>
    End,
}
