namespace BrokenPipeTools.Connections;

/// <summary>The bytes of the frame that an observation belongs to.</summary>
/// <param name="Data">The first captured bytes, at most <see cref="FrameCopy.MaxLength"/>.</param>
/// <param name="LinkType">The LINKTYPE_ number.</param>
/// <param name="OriginalLength">Bytes that the frame had on the wire.</param>
internal sealed record LoggedFrame(byte[] Data, int LinkType, int OriginalLength);
