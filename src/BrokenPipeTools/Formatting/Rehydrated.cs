using System.ComponentModel;
using System.Management.Automation;

namespace BrokenPipeTools.Formatting;

/// <summary>Gives values that were serialized their types back, for BrokenPipeTools.Types.ps1xml.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Rehydrated
{
    /// <summary>The value of an enumeration. Null stays null, and a text that is none of its values (of a newer version) stays a text.</summary>
    public static object? Enum(object? value, Type type)
    {
        string text = value?.ToString() ?? "";
        return text.Length == 0 ? null : LanguagePrimitives.TryConvertTo(text, type, out object result) ? result : text;
    }
}
