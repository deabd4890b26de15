namespace BrokenPipeTools.Capture.Live;

/// <summary>The result of a read of a live source.</summary>
internal enum LiveRead
{
    /// <summary>A frame was read.</summary>
    Frame,

    /// <summary>No frame came for about a tenth of a second. More frames may come.</summary>
    Idle,

    /// <summary>The capture was stopped, and all frames captured before have been read.</summary>
    End,
}
