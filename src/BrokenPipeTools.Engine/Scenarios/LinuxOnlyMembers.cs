using System.Diagnostics.CodeAnalysis;

// Only scenarios that are marked [SupportedOSPlatform("linux")] call it; the mark itself belongs on the method.
[assembly: SuppressMessage(
    "Interoperability",
    "CA1416:Validate platform compatibility",
    Scope = "member",
    Target = "~M:BrokenPipeTools.Scenarios.Stage.Forge(System.String,BrokenPipeTools.Sockets.TracedSocket,BrokenPipeTools.Sockets.TracedSocket,System.UInt32)",
    Justification = "called by Linux-only scenarios alone")]
