using System.Runtime.CompilerServices;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <content>Unencrypted names and reasons in the payload.</content>
internal sealed partial class Connection
{
    /// <summary>A response with a lower status is followed by the final one (RFC 9110, section 15.2).</summary>
    private const int FirstFinalStatus = 200;

    /// <summary>The server that the client's first payload names; null for none.</summary>
    public string? ServerName => Extras?.Notes?.ServerName;

    /// <summary>Returns the reason that an end stated in its last payload before its own FIN or RST, or in the RST; an empty value if there is none.</summary>
    public StatedReason ReasonOf(int end) => Extras?.Notes is { } notes ? notes.ReasonOf(end) : default;

    /// <summary>Whether a name or reason was found in its payload; without one, nothing is known of HTTP responses.</summary>
    public bool HasPayloadNotes => Extras?.Notes is not null;

    /// <summary>Returns the body of an end's last HTTP response, as its head announces it; an empty value if the head does not state where it ends.</summary>
    public AnnouncedBody BodyOf(int end) => Extras?.Notes is { } notes ? notes.BodyOf(end) : default;

    /// <summary>Returns the end of the newest payload of an end with a recognized protocol.</summary>
    public PayloadEnd PayloadEndOf(int end) => Extras?.Notes is { } notes ? notes.EndOf(end) : default;

    /// <summary>
    /// Returns the body of the response that a segment begins. Some responses have a length without a body (RFC 9112, section 6.3): the answer to HEAD, a
    /// successful one to CONNECT, 1xx, 204 and 304. If several requests wait for an answer, the end of this one is not known.
    /// </summary>
    private static AnnouncedBody BodyOf(in Segment s, HttpRequest request, FrameMark at)
    {
        if (request is HttpRequest.OnlyHead or HttpRequest.Several || s.Reason.Code is < FirstFinalStatus or 204 or 304 || (request == HttpRequest.Tunnel && s.Reason.Code < 300))
            return default;
        bool isChunked = s.ResponseBodyLength == HttpHead.Chunked;
        SequenceNumber start = s.Sequence.Add(s.ResponseHeadLength);
        return new AnnouncedBody(new SequenceRange(start, start.Add(isChunked ? 0 : s.ResponseBodyLength)), isChunked, request == HttpRequest.Body, at);
    }

    /// <summary>Stores the unencrypted names and reasons in a payload, if this or an earlier one has any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteWords(in Segment s, int sender, in Side x, string? text)
    {
        if (s.Reason.Kind != ReasonKind.None || s.TextAt != 0 || (Extras?.Notes is not null && s.PayloadLength > 0))
            NotePayload(s, sender, x, text);
    }

    /// <summary>Stores the unencrypted names and reasons in a payload. A retransmission has no new ones.</summary>
    private void NotePayload(in Segment s, int sender, in Side x, string? text)
    {
        bool isReset = s.Has(TcpFlags.Rst);
        bool isNew = isReset ? !x.Has(SideMarks.Rst) : !x.Sent.IsKnown || s.EndSequence.IsAfter(x.Sent.Next);
        if (!isNew || (isReset ? s.Reason.Kind == ReasonKind.None : x.Has(SideMarks.Fin | SideMarks.Rst)))
            return;
        PayloadNotes notes = NeedExtras().Notes ??= new PayloadNotes();
        if (!isReset && text is not null && (x.PayloadBytes == s.PayloadLength || s.IsHelloRest))
            notes.ServerName ??= text;
        PayloadEnd endsBefore = notes.EndOf(sender);
        FrameMark at = s.IsHeadRest && notes.ReasonOf(sender) is { Reason.Kind: ReasonKind.Http } begun ? begun.At : new(Since(FirstFrame, s.Frame));
        ref AnnouncedBody body = ref notes.BodyOf(sender);
        bool isInChunks = body.IsChunked && endsBefore is { MayEndChunks: false } && endsBefore.Next == s.Sequence;
        bool isInBody = isInChunks || (!body.Numbers.IsEmpty && body.Numbers.End.IsAfter(s.Sequence)
            && (s.Sequence.IsAfter(body.Numbers.Start) || (body.MustFollow && s.Sequence == body.Numbers.Start)));
        if (!isReset)
            notes.EndOf(sender) = new PayloadEnd(s.Sequence.Add(s.PayloadLength), s.MayEndChunks, s.HeadContinues && !isInBody);
        if (!isReset && isInBody)
            return; // bytes of the body, whatever they look like
        if (!isReset && s.Reason.Kind == ReasonKind.Http)
        {
            body = BodyOf(s, notes.RequestOf(1 - sender), at);
            if (s.Reason.Code >= FirstFinalStatus && !s.HeadContinues)
                notes.RequestOf(1 - sender) = HttpRequest.None;
        }
        else if (!isReset)
        {
            if (body.IsChunked && endsBefore.Next == s.Sequence && s.Sequence != body.Numbers.Start)
                body = default; // the body may have ended before, so this may be another message
            notes.RequestOf(sender) = notes.RequestOf(sender) != HttpRequest.None && s.Request != HttpRequest.None ? HttpRequest.Several : s.Request;
        }

        if (s.HeadContinues && s.Reason.Kind == ReasonKind.None)
            notes.ReasonOf(sender) = default; // another response begins, with a status that is not known yet
        notes.Note(s.Reason, isReset ? text : null, sender, at, s.Time - StartTime);
    }

    /// <summary>Passes a payload before the closing to the watch for closing messages, if one may begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WatchForClosingMessage(in Segment s, int sender, long gap)
    {
        if (Extras is { ClosingMessage.HasBegun: true } || ClosingMessageWatch.MayBegin(s))
            _close.Show(s, sender, gap, NeedExtras().ClosingMessage ??= new ClosingMessageWatch());
    }
}
