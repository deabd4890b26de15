namespace BrokenPipeTools.Capture.Text;

/// <summary>A host and its port as they are printed in a text.</summary>
/// <param name="Host">The address or the name of the host; empty if it is not printed.</param>
/// <param name="Port">The port; 0 if it is not printed.</param>
internal readonly record struct PrintedEndpoint(string Host, int Port)
{
    /// <summary>An endpoint of which nothing is printed.</summary>
    public static PrintedEndpoint None { get; } = new("", 0);

    /// <summary>
    /// Splits host.port as tcpdump prints it. If a service name is not known, it remains part of the host's name, and the port is 0. Returns false if
    /// the text cannot be an endpoint of TCP.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, out PrintedEndpoint endpoint)
    {
        endpoint = None;
        text = text.Trim();
        if (text.Length is 0 or > HostNames.MaxNameLength || text.IndexOfAny(' ', '\t', ',') >= 0)
            return false;
        int dot = text.LastIndexOf('.');
        if (dot <= 0 || dot == text.Length - 1)
            return false;
        bool isKnown = ServiceNames.TryPort(text[(dot + 1)..], out int port);
        if (!isKnown && (char.IsAsciiDigit(text[dot + 1]) || !char.IsAsciiLetter(text[dot + 1])))
            return false;
        endpoint = new PrintedEndpoint((isKnown ? text[..dot] : text).ToString(), port);
        return true;
    }
}
