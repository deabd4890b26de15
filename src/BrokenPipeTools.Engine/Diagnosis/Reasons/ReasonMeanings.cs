using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Reasons;

internal static class ReasonMeanings
{
    /// <summary>Returns the group of a reason.</summary>
    public static ReasonMeaning Of(in CloseReason reason) => reason.Kind switch
    {
        ReasonKind.Http => OfHttp(reason.Code),
        ReasonKind.Http2GoAway when reason.Phrase != ReasonPhrase.None => OfPhrase(reason.Phrase),
        ReasonKind.Http2GoAway => reason.Detail switch
        {
            0 => ReasonMeaning.Neutral,
            11 => ReasonMeaning.Exhausted,
            4 => ReasonMeaning.Idle,
            _ => ReasonMeaning.Error,
        },
        ReasonKind.TlsAlert => TlsAlerts.IsFatal(reason.Code) ? ReasonMeaning.TlsError : ReasonMeaning.Neutral,
        ReasonKind.TlsEncryptedAlert => ReasonMeaning.Neutral,
        ReasonKind.PostgreSql => OfPostgreSql(CloseReason.UnpackSqlState(reason.Detail), reason.Phrase),
        ReasonKind.MySql => OfMySql(reason.Code, reason.Phrase),
        ReasonKind.WebSocketClose => reason.Code switch
        {
            1000 => ReasonMeaning.Neutral,
            1001 or 1012 => ReasonMeaning.ShuttingDown,
            1013 => ReasonMeaning.Exhausted,
            _ => ReasonMeaning.Error,
        },
        ReasonKind.MptcpReset => reason.Code switch
        {
            2 or 4 => ReasonMeaning.Exhausted,
            0 => ReasonMeaning.Neutral,
            _ => ReasonMeaning.Error,
        },
        ReasonKind.ResetText => ReasonMeaning.Neutral,
        ReasonKind.Reply when reason is { Phrase: ReasonPhrase.None, Code: 221 or 421 } => ReasonMeaning.Neutral,
        ReasonKind.ImapBye when reason.Phrase == ReasonPhrase.None => ReasonMeaning.Neutral,
        ReasonKind.None => ReasonMeaning.Neutral,
        _ => OfPhrase(reason.Phrase),
    };

    private static ReasonMeaning OfHttp(ushort status) => status switch
    {
        408 => ReasonMeaning.Idle,
        429 or 503 => ReasonMeaning.Exhausted,
        >= 500 => ReasonMeaning.Error,
        >= 400 => ReasonMeaning.Rejected,
        _ => ReasonMeaning.Neutral,
    };

    private static ReasonMeaning OfPostgreSql(string state, ReasonPhrase phrase) => state switch
    {
        "57P05" or "25P03" => ReasonMeaning.Idle,
        "57P01" or "57P02" or "57P03" or "57P04" => ReasonMeaning.ShuttingDown,
        "08P01" => OfPhrase(phrase),
        _ when state.StartsWith("53", StringComparison.Ordinal) => ReasonMeaning.Exhausted,
        _ when state.StartsWith("28", StringComparison.Ordinal) => ReasonMeaning.Rejected,
        _ => ReasonMeaning.Error,
    };

    private static ReasonMeaning OfMySql(ushort code, ReasonPhrase phrase) => code switch
    {
        4031 or 1159 => ReasonMeaning.Idle,
        1040 or 1203 or 1226 => ReasonMeaning.Exhausted,
        1053 or 1077 or 1079 or 1927 => ReasonMeaning.ShuttingDown,
        1044 or 1045 or 1129 or 1130 or 1251 or 3118 or 3159 => ReasonMeaning.Rejected,
        _ => phrase == ReasonPhrase.None ? ReasonMeaning.Error : OfPhrase(phrase),
    };

    private static ReasonMeaning OfPhrase(ReasonPhrase phrase) => phrase switch
    {
        ReasonPhrase.TimedOut => ReasonMeaning.Idle,
        ReasonPhrase.TooMany => ReasonMeaning.Exhausted,
        ReasonPhrase.ShuttingDown => ReasonMeaning.ShuttingDown,
        ReasonPhrase.Authentication or ReasonPhrase.NotAllowed => ReasonMeaning.Rejected,
        _ => ReasonMeaning.Error,
    };
}
