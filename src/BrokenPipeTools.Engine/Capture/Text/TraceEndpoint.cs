namespace BrokenPipeTools.Capture.Text;

/// <summary>Splits <c>host.port</c> of tcpdump. A service name that is not known stays a part of the host's name: the port is 0 then.</summary>
internal static class TraceEndpoint
{
    /// <summary>Reads an endpoint. Returns false if the text cannot be an endpoint of TCP.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out string host, out int port)
    {
        (host, port) = ("", 0);
        text = text.Trim();
        if (text.Length is 0 or > HostNames.MaxNameLength || text.IndexOfAny(' ', '\t', ',') >= 0)
            return false;
        int dot = text.LastIndexOf('.');
        if (dot <= 0 || dot == text.Length - 1)
            return false;
        bool isKnown = ServiceNames.TryPort(text[(dot + 1)..], out port);
        if (!isKnown && (char.IsAsciiDigit(text[dot + 1]) || !char.IsAsciiLetter(text[dot + 1])))
            return false;
        host = (isKnown ? text[..dot] : text).ToString();
        return true;
    }
}
