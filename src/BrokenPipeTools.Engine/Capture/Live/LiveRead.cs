namespace BrokenPipeTools.Capture.Live;

/// <summary>What a look at a live source brought.</summary>
internal enum LiveRead
{
    /// <summary>A frame.</summary>
    Frame,

    /// <summary>No frame for a while, about a tenth of a second; more may come.</summary>
    Idle,

    /// <summary>The capture was stopped, and every frame captured before that has been read.</summary>
    End,
}
