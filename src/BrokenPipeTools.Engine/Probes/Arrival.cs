namespace BrokenPipeTools.Probes;

/// <summary>The result of a probe's read.</summary>
/// <param name="Kind">The kind of result.</param>
/// <param name="Result">The result of the read, in the format of <see cref="Reports.SocketStep.Result"/>.</param>
/// <param name="Data">The bytes that were read. They are valid until the next read.</param>
internal readonly record struct Arrival(ArrivalKind Kind, string Result, ReadOnlyMemory<byte> Data = default);

/// <summary>The kinds of results of a read of a probe.</summary>
internal enum ArrivalKind
{
    /// <summary>No byte came until the time was over or the probe was canceled.</summary>
    Nothing,

    Data,

    /// <summary>The peer's FIN was read.</summary>
    End,

    /// <summary>The read returned an error, because of a RST, or because the kernel has given up.</summary>
    Failed,
}
