using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probing;

/// <summary>
/// Converts the payload to bytes. Bytes are kept, and text becomes UTF-8 without a byte order mark and without an added line end. By default
/// PowerShell would reject text, or read "42" as the byte 42.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PayloadAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        byte[] payload = Bare(inputData) switch
        {
            byte[] bytes => bytes,
            string text => Encoding.UTF8.GetBytes(text),
            IEnumerable list => list.Cast<object?>().Select(element => ToByte(Bare(element))).Take(TeardownOptions.MaxPayloadBytes + 1).ToArray(), // the list may be endless
            var single => [ToByte(single)],
        };
        return payload.Length <= TeardownOptions.MaxPayloadBytes ? payload : throw new ArgumentTransformationMetadataException("The payload is longer than 16 MiB");
    }

    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static byte ToByte(object? value)
    {
        if (value is string)
            throw new ArgumentTransformationMetadataException("The payload must be one text, or bytes; join several lines with -Payload ($lines -join \"`r`n\"), read a file with -Payload (Get-Content -Raw file)");
        try
        {
            return value is null or char ? throw new InvalidCastException() : Convert.ToByte(value, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException or FormatException)
        {
            throw new ArgumentTransformationMetadataException($"The payload must be one text, or bytes from 0 to 255; {(value is null ? "nothing" : DisplayText.Of(Convert.ToString(value, CultureInfo.InvariantCulture)))} is not");
        }
    }
}
