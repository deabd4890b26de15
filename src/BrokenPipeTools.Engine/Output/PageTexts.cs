using System.Text.Json;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>The texts that many connections of a page share, such as advice. Each text is on the page once.</summary>
internal sealed class PageTexts
{
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>Returns the number of a text.</summary>
    public int NumberOf(string text)
    {
        string shown = DisplayText.Of(text);
        if (!_numbers.TryGetValue(shown, out int number))
            _numbers[shown] = number = _numbers.Count;
        return number;
    }

    /// <summary>Writes the texts in the order of their numbers.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (string text in _numbers.OrderBy(one => one.Value).Select(one => one.Key))
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
