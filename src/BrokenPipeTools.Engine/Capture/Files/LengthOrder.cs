namespace BrokenPipeTools.Capture.Files;

/// <summary>Which of the two lengths of a record comes first. Before version 2.3 it was the original one.</summary>
internal enum LengthOrder
{
    CapturedFirst,
    OriginalFirst,

    /// <summary>Version 2.3 was written both ways: the smaller one is the captured length.</summary>
    Either,
}
