namespace BrokenPipeTools.Capture;

/// <summary>The kinds of faults in a capture.</summary>
public enum CaptureFault
{
    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The file is not a capture.</summary>
    NotACapture,

    /// <summary>The file ends in the middle of a record, usually because the capturing program was killed.</summary>
    Truncated,

    /// <summary>A length or a field is impossible: the file is damaged from here on.</summary>
    Malformed,
}
