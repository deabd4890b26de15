using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BrokenPipeTools.Commands;
using BrokenPipeTools.Formatting;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Module;

/// <summary>Compares the views and type data with the code: for a name that does not exist, PowerShell shows an empty column without an error.</summary>
public class ViewParityTests
{
    private const int TableColumns = 14;

    private static readonly Assembly Module = typeof(GetPcapConnectionCloseCommand).Assembly;
    private static readonly Assembly Engine = typeof(ConnectionClose).Assembly;

    /// <summary>The output types of the cmdlets, and the types in their lists.</summary>
    public static TheoryData<Type> Outputs
    {
        get
        {
            HashSet<Type> found = [.. CmdletModel.All.Values.SelectMany(c => c.OutputTypes).Where(IsOurs)];
            foreach (Type nested in found.SelectMany(t => t.GetProperties()).Select(p => p.PropertyType).Where(t => t.IsGenericType).Select(t => t.GetGenericArguments()[0]).Where(IsOurs).ToArray())
                found.Add(nested);
            return [.. found];
            static bool IsOurs(Type type) => type.IsClass && (type.Assembly == Module || type.Assembly == Engine);
        }
    }

    public static TheoryData<string> Views => [.. ModuleFiles.Formats.Descendants("View").Select(v => v.Element("Name")!.Value)];

    [Theory]
    [MemberData(nameof(Views))]
    public void View_names_existing_types_and_properties(string name)
    {
        XElement view = View(name);
        Type type = TypeOf(view.Element("ViewSelectedBy")!.Element("TypeName")!.Value);
        Assert.All(view.Descendants("PropertyName"), p => Assert.NotNull(type.GetProperty(p.Value)));
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Scripts_of_a_view_are_one_call_of_an_existing_method_with_existing_properties(string name)
    {
        XElement view = View(name);
        Type type = TypeOf(view.Element("ViewSelectedBy")!.Element("TypeName")!.Value);
        Assert.All(view.Descendants("ScriptBlock"), script =>
        {
            Match call = Regex.Match(script.Value, @"^\[(?<type>[\w.]+)\]::(?<method>\w+)\((?<arguments>[^()]*)\)$");
            Assert.True(call.Success, script.Value);
            int count = call.Groups["arguments"].Value.Split(',').Length;
            Assert.Contains(TypeOf(call.Groups["type"].Value).GetMethods(), m => m.Name == call.Groups["method"].Value && m.GetParameters().Length == count);
            Assert.All(Regex.Matches(script.Value, @"\$_\.(\w+)").Select(m => m.Groups[1].Value), p => Assert.NotNull(type.GetProperty(p)));
        });
    }

    /// <summary>
    /// Text may come from the name of a file, from a capture or from a peer: <see cref="DisplayText"/> makes it safe, in the methods of FormatText.
    /// </summary>
    [Theory]
    [MemberData(nameof(Views))]
    public void Properties_shown_as_they_are_hold_no_text(string name)
    {
        XElement view = View(name);
        Type type = TypeOf(view.Element("ViewSelectedBy")!.Element("TypeName")!.Value);
        Assert.All(view.Descendants("PropertyName"), property =>
        {
            Type shown = type.GetProperty(property.Value)!.PropertyType;
            shown = Nullable.GetUnderlyingType(shown) ?? shown;
            Assert.True(shown.IsEnum || shown.IsPrimitive || shown == typeof(TimeSpan) || shown == typeof(DateTime), $"{property.Value}: {shown}");
        });
    }

    /// <summary>If a right-aligned column does not fit, PowerShell shows only the last digits. The first column always fits.</summary>
    [Theory]
    [MemberData(nameof(Views))]
    public void Only_a_first_column_is_aligned_to_the_right(string name)
    {
        const int Narrowest = 40;
        int used = 0;
        foreach (XElement column in View(name).Descendants("TableColumnHeader"))
        {
            used += int.Parse(column.Element("Width")?.Value ?? "0", System.Globalization.CultureInfo.InvariantCulture) + 1;
            Assert.True(column.Element("Alignment") is null || used < Narrowest, column.Element("Label")!.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Tables_have_a_heading_for_every_column(string name)
    {
        XElement view = View(name);
        Assert.Equal(view.Descendants("TableColumnHeader").Count(), view.Descendants("TableColumnItem").Count());
    }

    [Theory]
    [InlineData("ConnectionCloseList")]
    [InlineData("ConnectionComparisonList")]
    [InlineData("ScenarioResultList")]
    [InlineData("BrokenPipeServerList")]
    [InlineData("ServedConnectionList")]
    [InlineData("SummaryLineList")]
    [InlineData("TcpAbortCounterList")]
    [InlineData("TcpSocketList")]
    [InlineData("TeardownTestList")]
    [InlineData("TracedFailureList")]
    public void List_shows_every_property_of_the_record_in_its_order(string name)
    {
        IEnumerable<string> shown = View(name).Descendants("ListItem").Select(i => (i.Element("Label") ?? i.Element("PropertyName"))!.Value);
        Type type = TypeOf(View(name).Element("ViewSelectedBy")!.Element("TypeName")!.Value);
        IReadOnlyList<string> properties = [.. type.GetProperties().Select(p => p.Name)];
        IReadOnlyList<string> order = (IReadOnlyList<string>?)typeof(ReadingOrder).GetProperty(type.Name)?.GetValue(null) ?? properties;
        Assert.Equal(order, shown);
        Assert.Equal(properties.Order(), order.Order());
    }

    [Theory]
    [InlineData("ConnectionClose", 80, "Cause")]
    [InlineData("ConnectionClose", 120, "Sequence")]
    [InlineData("ScenarioResult", 80, "Observed")]
    [InlineData("ScenarioResult", 120, "Sequence")]
    [InlineData("SocketStep", 80, "TcpState")]
    [InlineData("SocketStep", 120, "Expected")]
    [InlineData("BrokenPipeServer", 80, "Evicted")]
    [InlineData("ConnectionComparison", 80, "Confidence")]
    [InlineData("SummaryLine", 80, " Troubled")]
    [InlineData("TeardownTest", 80, "Cause")]
    [InlineData("TeardownTest", 120, "Read, Write, Write")]
    public void Table_fills_a_window_to_the_end_of_a_column(string view, int window, string last)
    {
        int width = 0;
        foreach (XElement column in View(view).Descendants("TableColumnHeader"))
        {
            width += int.Parse(column.Element("Width")!.Value, System.Globalization.CultureInfo.InvariantCulture);
            if (column.Element("Label")!.Value == last)
                break;
            width++;
        }

        Assert.InRange(width, window - 4, window - 1); // Windows keeps one column free; four more would show a cut-off column
    }

    /// <summary>
    /// PowerShell cuts the last column that begins in the window, and breaks its heading if not all of it fits. No table does that in a window of a
    /// usual width. A last column without a width takes the rest of the window.
    /// </summary>
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(130)]
    [InlineData(132)]
    [InlineData(160)]
    [InlineData(200)]
    public void No_heading_breaks_in_a_usual_window(int window)
    {
        foreach (XElement table in ModuleFiles.Formats.Descendants("TableHeaders"))
        {
            int left = window;
            foreach (XElement column in table.Elements("TableColumnHeader").TakeWhile(_ => left > 0))
            {
                string heading = column.Element("Label")!.Value;
                int width = column.Element("Width") is { } given ? int.Parse(given.Value, System.Globalization.CultureInfo.InvariantCulture) : left;
                Assert.True(heading.Length <= Math.Min(width, left), $"{table.Ancestors("View").Single().Element("Name")!.Value}: {heading} has {Math.Min(width, left)} columns of {window}");
                left -= width + 1;
            }
        }
    }

    [Fact]
    public void Table_has_no_more_columns_than_a_wide_window_holds() => Assert.Equal(TableColumns, View("ConnectionClose").Descendants("TableColumnHeader").Count());

    [Fact]
    public void Type_data_names_existing_types_and_properties() => Assert.All(ModuleFiles.Types.Root!.Elements("Type"), data =>
    {
        const string Deserialized = "Deserialized.";
        string name = data.Element("Name")!.Value;
        bool isBack = name.StartsWith(Deserialized, StringComparison.Ordinal);
        Type type = TypeOf(isBack ? name[Deserialized.Length..] : name);
        XElement[] names = [.. data.Descendants().Where(e => e.Name.LocalName is "ScriptProperty" or "CodeProperty" or "ReferencedProperties" && e.Attribute("IsHidden") is null).Elements("Name")];
        Assert.NotEmpty(names);
        Assert.All(names, n => Assert.NotNull(type.GetProperty(n.Value)));
    });

    /// <summary>PowerShell searches the type data of a serialized object only under the name of its Deserialized type.</summary>
    [Theory]
    [MemberData(nameof(Outputs))]
    public void Type_data_are_the_same_after_serialization(Type output)
    {
        XElement[] kept = MembersOf(output.FullName!, "PropertySet", "CodeProperty");
        if (kept.Length == 0 && MembersOf($"Deserialized.{output.FullName}", "ScriptProperty").Length == 0)
            return; // only values and texts
        Assert.Equal(kept.Select(e => e.ToString()).Order(StringComparer.Ordinal), MembersOf($"Deserialized.{output.FullName}", "PropertySet", "CodeProperty").Select(e => e.ToString()).Order(StringComparer.Ordinal));
        XElement note = Assert.Single(MembersOf($"Deserialized.{output.FullName}", "MemberSet")).Descendants("NoteProperty").Single();
        Assert.Equal(("TargetTypeForDeserialization", typeof(ReturnedRecord).FullName), (note.Element("Name")!.Value, note.Element("Value")!.Value));
    }

    /// <summary>
    /// The text of a time or a number of seconds is the same in every culture, and a time has its fraction: Export-Csv would otherwise write 11/21/2026
    /// 10:01:18. This also holds for a record that was serialized.
    /// </summary>
    [Theory]
    [MemberData(nameof(Outputs))]
    public void Times_and_seconds_have_the_same_text_in_every_culture(Type type)
    {
        IEnumerable<string> dependent = type.GetProperties()
            .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is var of && (of == typeof(DateTime) || of == typeof(double)))
            .Select(property => property.Name);
        foreach (string name in new[] { type.FullName!, $"Deserialized.{type.FullName}" })
            Assert.Empty(dependent.Except(MembersOf(name, "CodeProperty").Select(member => member.Element("Name")!.Value)).Select(missing => $"{name}.{missing}"));
    }

    private static XElement[] MembersOf(string type, params string[] kinds) =>
        [.. ModuleFiles.Types.Root!.Elements("Type").Where(t => t.Element("Name")!.Value == type).Elements("Members").Elements().Where(e => kinds.Contains(e.Name.LocalName))];

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Output_has_key_and_display_properties(Type output)
    {
        XElement[] sets = [.. ModuleFiles.Types.Root!.Elements("Type").Where(t => t.Element("Name")!.Value == output.FullName).Descendants("PropertySet")];
        Assert.Contains(sets, set => set.Element("Name")!.Value == "DefaultKeyPropertySet");
        bool hasList = ModuleFiles.Formats.Descendants("View").Any(v => v.Element("ListControl") is not null && v.Descendants("TypeName").Any(t => t.Value == output.FullName));
        Assert.True(hasList || sets.Any(set => set.Element("Name")!.Value == "DefaultDisplayPropertySet"), "neither a list view nor a default set");
        Assert.Contains(ModuleFiles.Formats.Descendants("View"), v => v.Element("TableControl") is not null && v.Descendants("TypeName").Any(t => t.Value == output.FullName));
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Output_can_be_sorted_if_it_has_an_order(Type output)
    {
        // Alternatives are in the order of their likelihood; the results of each side's calls have no order.
        bool hasNone = output == typeof(Alternative) || output == typeof(SideErrors);
        Assert.Equal(!hasNone, output.IsAssignableTo(typeof(IComparable)));
    }

    /// <summary>All output of a cmdlet uses <see cref="DisplayCmdlet"/>; PowerShell's own class may be named only there.</summary>
    [Fact]
    public void Messages_go_through_one_class()
    {
        string[] files = [.. RepositoryFiles.In(Path.Combine(RepositoryFiles.Root, "src", "BrokenPipeTools")).Where(f => Path.GetFileName(f) != "DisplayCmdlet.cs")];
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotMatch(@"\bPSCmdlet\b|\bCmdlet\s+\w+[,)]", File.ReadAllText(file)));
    }

    [Fact]
    public void Colors_are_only_those_of_PSStyle()
    {
        string[] files = [.. RepositoryFiles.In(Path.Combine(RepositoryFiles.Root, "src", "BrokenPipeTools"), "*.*").Where(f => Path.GetExtension(f) is ".cs" or ".ps1xml")];
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotMatch(@"\\(e|x1b|u001b)\b|\\e\[|\x1b|ConsoleColor", File.ReadAllText(file)));
    }

    private static XElement View(string name) => ModuleFiles.Formats.Descendants("View").Single(v => v.Element("Name")!.Value == name);

    private static Type TypeOf(string name)
    {
        Type? type = Module.GetType(name) ?? Engine.GetType(name);
        Assert.True(type is { IsPublic: true }, name);
        return type!;
    }
}
