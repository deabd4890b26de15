namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>The names of the SQLSTATEs with which PostgreSQL and its poolers end a connection (https://www.postgresql.org/docs/current/errcodes-appendix.html).</summary>
internal static class PostgreSqlStates
{
    /// <summary>Returns the condition name, or null for a SQLSTATE that does not end connections.</summary>
    public static string? NameOf(string state) => state switch
    {
        "08000" => "connection_exception",
        "08003" => "connection_does_not_exist",
        "08004" => "sqlserver_rejected_establishment_of_sqlconnection",
        "08006" => "connection_failure",
        "08P01" => "protocol_violation",
        "0A000" => "feature_not_supported",
        "25P03" => "idle_in_transaction_session_timeout",
        "25P04" => "transaction_timeout",
        "28000" => "invalid_authorization_specification",
        "28P01" => "invalid_password",
        "3D000" => "invalid_catalog_name",
        "40001" => "serialization_failure",
        "42501" => "insufficient_privilege",
        "53000" => "insufficient_resources",
        "53100" => "disk_full",
        "53200" => "out_of_memory",
        "53300" => "too_many_connections",
        "53400" => "configuration_limit_exceeded",
        "55000" => "object_not_in_prerequisite_state",
        "57000" => "operator_intervention",
        "57014" => "query_canceled",
        "57P01" => "admin_shutdown",
        "57P02" => "crash_shutdown",
        "57P03" => "cannot_connect_now",
        "57P04" => "database_dropped",
        "57P05" => "idle_session_timeout",
        "58000" => "system_error",
        "XX000" => "internal_error",
        _ => null,
    };
}
