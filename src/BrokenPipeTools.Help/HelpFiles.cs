using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace BrokenPipeTools.Help;

/// <summary>Reads the Markdown files of a folder and writes the XML file.</summary>
internal static class HelpFiles
{
    /// <summary>Bytes. A limit that is several times the length of the longest topic.</summary>
    private const int LongestTopic = 1 << 20;

    /// <summary>Reads every *.md file, in the order of the names.</summary>
    /// <exception cref="IOException">The folder or a file cannot be read, or a file is longer than 1 MiB.</exception>
    public static IReadOnlyList<HelpTopic> Read(string folder, List<HelpProblem> problems) =>
        [.. Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal).Select(file => TopicReader.Read(file, Text(file), problems))];

    /// <summary>Writes the file under another name first, so that Get-Help never reads an incomplete one.</summary>
    public static void Write(XDocument document, string file)
    {
        string part = file + ".tmp";
        XmlWriterSettings settings = new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) };
        using (XmlWriter writer = XmlWriter.Create(part, settings))
            document.Save(writer);
        File.Move(part, file, overwrite: true);
    }

    private static string Text(string file)
    {
        if (new FileInfo(file).Length > LongestTopic)
            throw new IOException($"{file}: longer than {LongestTopic} bytes");
        using StreamReader reader = new(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        return reader.ReadToEnd();
    }
}
