using System.Text;
using System.Text.Json;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Summaries;

/// <summary>An earlier summary that was saved as JSON: one object per line, as the command line writes it, or an array, as ConvertTo-Json writes it.</summary>
public sealed class SummaryReference
{
    /// <summary>Bytes. A longer file is not a summary; it may be a capture or a device.</summary>
    private const int MaxLength = 16 << 20;

    private readonly Dictionary<Cause, long> _causes = [];

    private SummaryReference()
    {
    }

    /// <summary>The number of all connections in the earlier summary.</summary>
    public long Connections { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="SummaryReferenceException">The file cannot be read, or is not a summary.</exception>
    public static SummaryReference Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[MaxLength + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MaxLength ? Parse(bytes.AsSpan(0, length), path) : throw new SummaryReferenceException(path, "the file is larger than 16 MiB, the limit for a summary");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SummaryReferenceException(path, "no such file", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not SummaryReferenceException)
        {
            throw new SummaryReferenceException(path, Directory.Exists(path) ? "a directory" : e is IOException ? e.Message : "permission denied; this user cannot read it", e);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new SummaryReferenceException(path, "not a valid file name", e);
        }
    }

    /// <summary>
    /// Adds the counts of the earlier summary to the lines of the total and of the causes. Adds a line for each cause that only the earlier summary
    /// has.
    /// </summary>
    internal IEnumerable<SummaryLine> Compare(IReadOnlyList<SummaryLine> lines)
    {
        long connections = lines.Single(line => line.Group == SummaryGroup.Total).Count;
        HashSet<string> there = [.. lines.Where(line => line.Group == SummaryGroup.Cause).Select(line => line.Name)];
        foreach (SummaryLine line in lines)
            yield return Compare(line, connections);
        foreach (Cause gone in _causes.Keys.Where(cause => _causes[cause] > 0 && !there.Contains(cause.ToString())).OrderByDescending(cause => _causes[cause]))
            yield return Compare(new SummaryLine { Group = SummaryGroup.Cause, Name = gone.ToString(), Count = 0, Share = 0, Troubled = 0 }, connections);
    }

    /// <summary>Reads a summary from a text. The given <paramref name="name"/> appears in error messages.</summary>
    /// <exception cref="SummaryReferenceException">The text is not a summary.</exception>
    internal static SummaryReference Parse(ReadOnlySpan<byte> json, string name)
    {
        SummaryReference reference = new();
        try
        {
            ReadOnlySpan<byte> bom = Encoding.UTF8.Preamble;
            ReadOnlySpan<byte> rest = json.StartsWith(bom) ? json[bom.Length..] : json;
            while (!(rest = rest.Trim(" \t\r\n"u8)).IsEmpty)
            {
                Utf8JsonReader reader = new(rest);
                using JsonDocument value = JsonDocument.ParseValue(ref reader);
                reference.Take(value.RootElement);
                rest = rest[(int)reader.BytesConsumed..];
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new SummaryReferenceException(name, $"not a summary in JSON: {e.Message}", e);
        }

        return reference._causes.Count > 0 && reference._causes.Values.Sum() == reference.Connections
            ? reference
            : throw new SummaryReferenceException(name, "not a complete summary: the sum of its causes is not its total");
    }

    private SummaryLine Compare(SummaryLine line, long connections)
    {
        long before = line.Group == SummaryGroup.Total ? Connections : _causes.GetValueOrDefault(Enum.Parse<Cause>(line.Name));
        return new SummaryLine
        {
            Group = line.Group,
            Name = line.Name,
            Count = line.Count,
            Share = line.Share,
            Troubled = line.Troubled,
            StartTime = line.StartTime,
            EndTime = line.EndTime,
            ReferenceCount = before,
            ReferenceShare = (double)before / Connections,
            Change = line.Group == SummaryGroup.Cause ? ShareTest.Compare(line.Count, connections, before, Connections) : ShareChange.None,
            Examples = line.Examples,
        };
    }

    private void Take(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement line in value.EnumerateArray())
                Take(line);
            return;
        }

        long count = Property(value, nameof(SummaryLine.Count)).GetInt64();
        switch (Value<SummaryGroup>(Property(value, nameof(SummaryLine.Group))))
        {
            case SummaryGroup.Total:
                Connections += count;
                break;
            case SummaryGroup.Cause:
                Cause cause = Value<Cause>(Property(value, nameof(SummaryLine.Name)));
                _causes[cause] = _causes.GetValueOrDefault(cause) + count;
                break;
        }
    }

    private static JsonElement Property(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) ? value : throw new FormatException($"a line has no {name}");

    /// <summary>Reads the value of an enumeration. ConvertTo-Json writes a number unless names are requested.</summary>
    private static T Value<T>(JsonElement value)
        where T : struct, Enum
    {
        T read = value.ValueKind == JsonValueKind.Number ? (T)Enum.ToObject(typeof(T), value.GetInt32()) : Enum.TryParse(value.GetString(), out T named) ? named : (T)Enum.ToObject(typeof(T), -1);
        return Enum.IsDefined(read) ? read : throw new FormatException($"unknown {typeof(T).Name} '{value}'");
    }
}
