using System.Reflection;
using System.Runtime.Loader;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Bridging;

/// <summary>
/// Loads the bridge to SharpPcap, PacketDotNet and the decoders of zstd and lz4 on first use, with their packages, into a separate
/// AssemblyLoadContext. A session that has loaded another version of these packages keeps it, and a session that needs none of them loads none.
/// </summary>
internal static class BridgeLoader
{
    private const string Bridge = "BrokenPipeTools.SharpPcap";

    private static readonly Lazy<Assembly> LazyBridge = new(() => new BridgeContext(Folder).LoadFromAssemblyName(new AssemblyName(Bridge)));

    /// <summary>The folder of the bridge, beside the module's assembly.</summary>
    internal static string Folder => Path.Combine(Path.GetDirectoryName(typeof(BridgeLoader).Assembly.Location) ?? "", "lib");

    /// <summary>Creates an object of a type of the bridge with the constructor that has no parameters. May be called from any thread.</summary>
    /// <param name="typeName">The type's full name.</param>
    /// <typeparam name="T">A type of the engine that the bridge implements.</typeparam>
    /// <exception cref="IOException">A file of the bridge is missing or cannot be read.</exception>
    /// <exception cref="BadImageFormatException">A file of the bridge is damaged.</exception>
    public static T Create<T>(string typeName)
        where T : class
    {
        Type type = LazyBridge.Value.GetType(typeName, throwOnError: true)!;
        const BindingFlags Constructor = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DoNotWrapExceptions;
        return (T)Activator.CreateInstance(type, Constructor, binder: null, args: null, culture: null)!;
    }

    /// <summary>
    /// Finds an assembly. The bridge's own files are in its folder; the engine is the one that the module uses; everything else belongs to the
    /// framework. The folder win/ has the files that a package has only for Windows.
    /// </summary>
    private sealed class BridgeContext(string folder) : AssemblyLoadContext(Bridge)
    {
        private static readonly Assembly Engine = typeof(Segment).Assembly;

        private readonly string[] _folders = OperatingSystem.IsWindows() ? [Path.Combine(folder, "win"), folder] : [folder];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (assemblyName.Name == Engine.GetName().Name)
                return Engine;
            string? file = _folders.Select(from => Path.Combine(from, assemblyName.Name + ".dll")).FirstOrDefault(File.Exists);
            return file is null ? null : LoadFromAssemblyPath(file);
        }
    }
}
