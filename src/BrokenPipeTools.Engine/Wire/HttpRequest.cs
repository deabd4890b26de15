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

    /// <summary>CONNECT: a successful answer has no body (RFC 9112, section 6.3).</summary>
    Tunnel,

    /// <summary>Several requests without an answer between them (RFC 9112, section 9.3.2): it is not known which of them an answer belongs to.</summary>
    Several,
}
