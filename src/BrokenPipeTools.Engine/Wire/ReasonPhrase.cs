namespace BrokenPipeTools.Wire;

/// <summary>The meaning of a free text, as far as known words show it. The text itself is never kept.</summary>
internal enum ReasonPhrase : byte
{
    None,
    TimedOut,
    TooMany,
    ShuttingDown,
    Authentication,
    NotAllowed,
}
