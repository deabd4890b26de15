using System.Text.Json;
using System.Text.Json.Serialization;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Writes a number of seconds as PowerShell's ConvertTo-Json does: a whole number also gets a decimal, 2.0.</summary>
internal sealed class SecondsConverter : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        if (value == Math.Floor(value) && Math.Abs(value) < 1e15 && value.TryFormat(text, out int length, "F1", System.Globalization.CultureInfo.InvariantCulture))
            writer.WriteRawValue(text[..length], skipInputValidation: true);
        else
            writer.WriteNumberValue(value);
    }
}
