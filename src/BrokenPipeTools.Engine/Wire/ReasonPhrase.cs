namespace BrokenPipeTools.Wire;

/// <summary>The meaning of a free text, found by known words. The text itself is never stored.</summary>
internal enum ReasonPhrase : byte
{
    None,
    TimedOut,
    TooMany,
    ShuttingDown,
    Authentication,
    NotAllowed,
}
