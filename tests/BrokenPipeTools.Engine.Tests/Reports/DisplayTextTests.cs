using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Reports;

/// <summary>Text from the network in a terminal.</summary>
public class DisplayTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("C:\\captures\\Ærø – 東京.pcap 🦈×…", "C:\\captures\\Ærø – 東京.pcap 🦈×…")]
    [InlineData("a\u001b[2Jb", @"a\x1b[2Jb")]
    [InlineData("\u001b]0;title\u0007", @"\x1b]0;title\x07")]
    [InlineData("one\r\ntwo\tthree\0", @"one\x0d\x0atwo\x09three\x00")]
    [InlineData("\u007f\u009b31m", @"\x7f\x9b31m")]
    [InlineData("exe.\u202Epacp\u2066\u2069\u200E\u200F\u061C", @"exe.\u202epacp\u2066\u2069\u200e\u200f\u061c")]
    [InlineData("\u200b\u200c\u200d\u2060\ufeff\u00ad", @"\u200b\u200c\u200d\u2060\ufeff\xad")]
    [InlineData("a\u2028b\u2029c", @"a\u2028b\u2029c")]
    [InlineData("\U000E0041", @"\u{e0041}")]
    public void Invisible_characters_are_escaped_and_all_others_stay(string? text, string shown) => Assert.Equal(shown, DisplayText.Of(text));

    [Fact] // xunit writes names of tests in UTF-8, which cannot contain halves of surrogate pairs
    public void Half_of_a_surrogate_pair_is_escaped() =>
        Assert.Equal(@"a\ud83eb\udd88", DisplayText.Of(new string(['a', (char)0xD83E, 'b', (char)0xDD88])));

    [Fact]
    public void Of_every_character_of_Unicode_none_that_is_invisible_remains()
    {
        for (int value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value))
                continue;
            string text = new Rune(value).ToString();
            string shown = DisplayText.Of(text);
            bool stays = CharUnicodeInfo.GetUnicodeCategory(value) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            if ((shown == text) != stays || (!stays && !Ascii.IsValid(shown)))
                Assert.Fail($"U+{value:X4}: {shown}");
        }
    }

    // ConnectionComparison needs its records; its text contains only their addresses.
    public static TheoryData<Type> Reports =>
        [.. typeof(ConnectionClose).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(ConnectionClose).Namespace && type.IsClass && type != typeof(ConnectionComparison) && type.GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType == type && type.GetProperties().Any(p => p.PropertyType == typeof(string) && p.CanWrite))];

    /// <summary>PowerShell shows the result of ToString() in a message of Should, in a string, and in a table cell.</summary>
    [Theory]
    [MemberData(nameof(Reports))]
    public void The_text_of_a_report_has_no_control_characters(Type type)
    {
        object report = RuntimeHelpers.GetUninitializedObject(type);
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.CanWrite))
        {
            if (property.PropertyType == typeof(string))
                property.SetValue(report, "a\u001bb");
            else if (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(RecordList<>))
                property.SetValue(report, Activator.CreateInstance(property.PropertyType, BindingFlags.NonPublic | BindingFlags.Instance, null, [Items(property.PropertyType.GetGenericArguments()[0])], null));
        }

        string text = report.ToString()!;
        Assert.Contains(@"a\x1bb", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, char.IsControl);
    }

    [Fact]
    public void The_text_of_a_record_escapes_the_name_of_its_capture()
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(CaptureBytes.Pcap(PacketScript.Build("C:SYN\nS:RST\n"))), "a\u001b[31m\u202e.pcap"));
        Assert.True(analyzer.TryNext(out ConnectionClose? record));
        Assert.Equal("a\u001b[31m\u202e.pcap", record.Path);
        Assert.Contains(@"(a\x1b[31m\u202e.pcap, frame", record.ToString(), StringComparison.Ordinal);
    }

    private static Array Items(Type type) => type == typeof(string) ? new[] { "a\u001bb" } : Array.CreateInstance(type, 0);
}
