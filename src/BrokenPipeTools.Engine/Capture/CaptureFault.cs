namespace BrokenPipeTools.Capture;

/// <summary>The faults of a capture.</summary>
public enum CaptureFault
{
    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The file is something else.</summary>
    NotACapture,

    /// <summary>The file ends in the middle of a record: usual if the capturing program was killed.</summary>
    Truncated,

    /// <summary>A length or a field is impossible: the file is damaged from here on.</summary>
    Malformed,
}
