using System.Diagnostics;
using System.Net.Sockets;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.House;

/// <summary>Every process that the engine starts and every socket that it closes uses the gate, which keeps the two operations apart.</summary>
public sealed class ProcessGateTests
{
    private const byte Call = 0x28;
    private const byte CallVirtual = 0x6F;

    private static readonly string[] Guarded = [$"{nameof(Process)}.{nameof(Process.Start)}", $"{nameof(Socket)}.{nameof(Socket.Close)}", $"{nameof(Socket)}.{nameof(Socket.Dispose)}"];

    /// <summary>The classes that may close a socket without the gate. Their socket could neither bind nor listen, so it has no peer.</summary>
    private static readonly string[] Excepted = [nameof(ListenerSocket)];

    [Fact]
    public void Nothing_else_starts_a_process_or_closes_a_socket()
    {
        using PEReader file = new(File.OpenRead(typeof(BrokenPipeServer).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        Dictionary<int, string> guarded = metadata.MemberReferences
            .Select(handle => (Token: MetadataTokens.GetToken(handle), Name: NameOf(metadata, metadata.GetMemberReference(handle))))
            .Where(member => Guarded.Contains(member.Name))
            .ToDictionary(member => member.Token, member => member.Name);
        List<string> callers = [];
        foreach (MethodDefinition method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0))
        {
            string type = metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
            byte[] code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            if (Calls(code).Any(guarded.ContainsKey))
                callers.Add(type);
        }

        Assert.Contains(nameof(ProcessGate), callers);
        Assert.Equal([nameof(ProcessGate)], callers.Distinct().Except(Excepted));
    }

    /// <summary>
    /// Returns the tokens after each byte that may be a call instruction. The result may contain more tokens than there are calls, never fewer.
    /// </summary>
    private static IEnumerable<int> Calls(byte[] code)
    {
        for (int i = 0; i + 5 <= code.Length; i++)
        {
            if (code[i] is Call or CallVirtual)
                yield return BitConverter.ToInt32(code, i + 1);
        }
    }

    private static string NameOf(MetadataReader metadata, MemberReference member) => member.Parent.Kind == HandleKind.TypeReference
        ? $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)}.{metadata.GetString(member.Name)}"
        : "";
}
