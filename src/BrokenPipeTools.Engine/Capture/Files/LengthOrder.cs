namespace BrokenPipeTools.Capture.Files;

/// <summary>The order of the two lengths in a record. Before version 2.3 the original length came first.</summary>
internal enum LengthOrder
{
    CapturedFirst,
    OriginalFirst,

    /// <summary>Version 2.3 files have either order: the smaller length is the captured one.</summary>
    Either,
}
