using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// The unencrypted reasons and names in the payload of a connection. Only connections with a recognized protocol have this object; the next
/// connection in the same memory reuses it.
/// </summary>
internal sealed class PayloadNotes
{
    private StatedReason _reason0;
    private StatedReason _reason1;
    private AnnouncedBody _body0;
    private AnnouncedBody _body1;
    private PayloadEnd _end0;
    private PayloadEnd _end1;
    private HttpRequest _request0;
    private HttpRequest _request1;

    /// <summary>The server name that the client requested; null if its first payload has none.</summary>
    public string? ServerName { get; set; }

    /// <summary>Returns the newest reason that an end stated; an empty value if other payload followed, unless that is the body of a response.</summary>
    public ref StatedReason ReasonOf(int end) => ref end == 0 ? ref _reason0 : ref _reason1;

    /// <summary>Returns the body of the newest HTTP response of an end; an empty value if there is none, or its length is not known.</summary>
    public ref AnnouncedBody BodyOf(int end) => ref end == 0 ? ref _body0 : ref _body1;

    /// <summary>Returns the kind of the HTTP request at the start of an end's newest payload.</summary>
    public ref HttpRequest RequestOf(int end) => ref end == 0 ? ref _request0 : ref _request1;

    /// <summary>Returns the sequence number after the newest payload of an end, and whether a chunked body may end there.</summary>
    public ref PayloadEnd EndOf(int end) => ref end == 0 ? ref _end0 : ref _end1;

    public void Clear()
    {
        ServerName = null;
        _body0 = default;
        _body1 = default;
        _end0 = default;
        _end1 = default;
        _request0 = default;
        _request1 = default;
        _reason0 = default;
        _reason1 = default;
    }

    /// <summary>Adds a new payload of an end.</summary>
    public void Note(in CloseReason reason, string? text, int end, FrameMark at, long time)
    {
        ref StatedReason newest = ref ReasonOf(end);
        if (newest.Reason is { Kind: ReasonKind.Http2GoAway } and not { Detail: 0, Phrase: ReasonPhrase.None } && reason is { Kind: ReasonKind.Http2GoAway, Detail: 0, Phrase: ReasonPhrase.None })
            return; // the GOAWAY of the orderly end that follows has no error, and is not the reason
        if (reason.Kind != ReasonKind.None)
            newest = new StatedReason(reason, text, at, time);
        else if (newest.Reason.Kind != ReasonKind.Http) // the body of a response follows its head
            newest = default;
    }
}
