namespace BrokenPipeTools.Capture.Text;

/// <summary>An endpoint of a text trace.</summary>
/// <param name="Address">The address of the host.</param>
/// <param name="Port">The port; 0 if it is not printed.</param>
internal readonly record struct TraceEndpoint(TraceAddress Address, int Port)
{
    public override int GetHashCode() => HashCode.Combine(Address, Port);
}
