using System.ComponentModel;
using System.Management.Automation;
using System.Net.NetworkInformation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Formatting;

/// <summary>Gives values that were serialized their types back, for BrokenPipeTools.Types.ps1xml.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Rehydrated
{
    /// <summary>The value of an enumeration. Null stays null, and a text that is none of its values (of a newer version) stays a text.</summary>
    /// <param name="value">The value as it was serialized.</param>
    /// <param name="typeName">
    /// The enumeration's full name. A name, because a type literal is not found in a session that has imported the module but not yet
    /// run a cmdlet: the engine is not loaded there, and the property would be null.
    /// </param>
    public static object? Enum(object? value, string typeName)
    {
        string text = value?.ToString() ?? "";
        return text.Length == 0 ? null : LanguagePrimitives.TryConvertTo(text, Find(typeName), out object result) ? result : text;
    }

    private static Type Find(string typeName) =>
        typeof(ConnectionClose).Assembly.GetType(typeName) ?? typeof(TcpState).Assembly.GetType(typeName, throwOnError: true)!;
}
