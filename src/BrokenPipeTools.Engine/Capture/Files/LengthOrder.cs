namespace BrokenPipeTools.Capture.Files;

/// <summary>The order of a record's two lengths. Before version 2.3 the original length came first.</summary>
internal enum LengthOrder
{
    CapturedFirst,
    OriginalFirst,

    /// <summary>Version 2.3 was written both ways: the smaller one is the captured length.</summary>
    Either,
}
