namespace BrokenPipeTools.Probes;

/// <summary>The result of a read of a probe.</summary>
/// <param name="Kind">The kind of result.</param>
/// <param name="Result">The read's result, in the format of <see cref="Reports.SocketStep.Result"/>.</param>
/// <param name="Data">The bytes, valid until the next read.</param>
internal readonly record struct Arrival(ArrivalKind Kind, string Result, ReadOnlyMemory<byte> Data = default);

/// <summary>The kinds of results of a read of a probe.</summary>
internal enum ArrivalKind
{
    /// <summary>Nothing came until the time was over or the probe was canceled.</summary>
    Nothing,

    Data,

    /// <summary>The peer's FIN.</summary>
    End,

    /// <summary>An error: from a RST, or from the kernel when it gives up.</summary>
    Failed,
}
