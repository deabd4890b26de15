using System.ComponentModel;
using System.Management.Automation;
using System.Net.NetworkInformation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Formatting;

/// <summary>Restores the types of values that were serialized, for BrokenPipeTools.Types.ps1xml.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Rehydrated
{
    /// <summary>
    /// Returns the value of an enumeration. Null remains null. A text that is not one of its values (in a record of a newer version) remains a text.
    /// </summary>
    /// <param name="value">The serialized value.</param>
    /// <param name="typeName">
    /// The full name of the enumeration. A type literal cannot be used: in a session that has imported the module but not yet run a cmdlet, the
    /// engine is not loaded, so the type would not be found and the property would be null.
    /// </param>
    public static object? Enum(object? value, string typeName)
    {
        string text = value?.ToString() ?? "";
        return text.Length == 0 ? null : LanguagePrimitives.TryConvertTo(text, Find(typeName), out object result) ? result : text;
    }

    private static Type Find(string typeName) =>
        typeof(ConnectionClose).Assembly.GetType(typeName) ?? typeof(TcpState).Assembly.GetType(typeName, throwOnError: true)!;
}
