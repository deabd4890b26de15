namespace BrokenPipeTools.Wire;

/// <summary>Whether an HTTP request asks for a body.</summary>
internal enum HttpRequest : byte
{
    /// <summary>The payload does not begin with a request that is recognized.</summary>
    None,

    /// <summary>HEAD: the answer has the length of a body, and no body.</summary>
    OnlyHead,

    /// <summary>Any other method.</summary>
    Body,
}
