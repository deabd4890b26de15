using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <content>Unencrypted names and reasons in the payload.</content>
internal sealed partial class Connection
{
    /// <summary>The server that the client's first payload names; null for none.</summary>
    public string? ServerName => Extras?.Notes?.ServerName;

    /// <summary>The reason that an end stated in the last payload before its own FIN or RST, or in the RST; none if there is none.</summary>
    public StatedReason ReasonOf(int end) => Extras?.Notes is { } notes ? notes.ReasonOf(end) : default;

    /// <summary>Notes the unencrypted names and reasons in a payload, if there are any, or there were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteWords(in Segment s, int sender, in Side x, string? text)
    {
        if (s.Reason.Kind != ReasonKind.None || s.TextAt != 0 || (Extras?.Notes is not null && s.PayloadLength > 0))
            NotePayload(s, sender, x, text);
    }

    /// <summary>Notes the unencrypted names and reasons in a payload; a retransmission has none that are new.</summary>
    private void NotePayload(in Segment s, int sender, in Side x, string? text)
    {
        bool isReset = s.Has(TcpFlags.Rst);
        bool isNew = isReset ? !x.Has(SideMarks.Rst) : !x.Sent.IsKnown || s.EndSequence.IsAfter(x.Sent.Next);
        if (!isNew || (isReset ? s.Reason.Kind == ReasonKind.None : x.Has(SideMarks.Fin | SideMarks.Rst)))
            return;
        PayloadNotes notes = NeedExtras().Notes ??= new PayloadNotes();
        if (!isReset && text is not null && (x.PayloadBytes == s.PayloadLength || s.IsHelloRest))
            notes.ServerName ??= text;
        notes.Note(s.Reason, isReset ? text : null, sender, Since(FirstFrame, s.Frame) + 1, s.Time - StartTime);
    }

    /// <summary>Watches a payload before the closing for a closing message; most payload begins none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WatchForClosingMessage(in Segment s, int sender, long gap)
    {
        if (Extras is { ClosingMessage.HasBegun: true } || ClosingMessageWatch.MayBegin(s))
            _close.Show(s, sender, gap, NeedExtras().ClosingMessage ??= new ClosingMessageWatch());
    }
}
