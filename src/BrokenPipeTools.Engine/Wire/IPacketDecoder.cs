namespace BrokenPipeTools.Wire;

/// <summary>Decodes a frame into the objects of another library, for a caller that needs more than a <see cref="Segment"/> contains.</summary>
internal interface IPacketDecoder
{
    /// <summary>Decodes a frame. Returns null if the library does not decode its link type, or if the frame is damaged; never throws.</summary>
    /// <param name="data">The captured bytes, from the header of the link layer on. The packet may refer to them.</param>
    /// <param name="linkType">The LINKTYPE_ number of <paramref name="data"/>.</param>
    object? Decode(byte[] data, int linkType);
}
