namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>
/// The MySQL and MariaDB errors that end a connection (https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html,
/// https://mariadb.com/kb/en/mariadb-error-code-reference/).
/// </summary>
internal static class MySqlErrors
{
    /// <summary>Returns whether the server closes the connection after this error.</summary>
    public static bool AnnouncesClose(ushort code) => NameOf(code) is not null;

    /// <summary>Returns a short name of the error, or null if the error leaves the connection usable.</summary>
    public static string? NameOf(ushort code) => code switch
    {
        1040 => "too many connections",
        1042 => "cannot get hostname",
        1043 => "bad handshake",
        1044 or 1045 => "access denied",
        1053 => "server shutdown in progress",
        1077 or 1079 => "server shutdown",
        1129 => "host blocked because of connection errors",
        1130 => "host not allowed to connect",
        1152 => "aborted connection",
        1153 => "packet too large",
        1156 => "packets out of order",
        1158 => "network read error",
        1159 => "network read timeout",
        1160 => "network write error",
        1161 => "network write timeout",
        1203 => "user has too many connections",
        1226 => "user resource limit exceeded",
        1251 => "client does not support the authentication protocol",
        1927 => "connection was killed",
        3118 => "account is locked",
        3159 => "secure transport required",
        4031 => "disconnected because of inactivity",
        _ => null,
    };
}
