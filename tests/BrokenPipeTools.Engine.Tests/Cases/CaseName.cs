using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Cases;

/// <summary>The name of a case in the test runner: the file and the whole title. The runner would cut a title in a string.</summary>
public sealed class CaseName : IXunitSerializable
{
    public CaseName()
    {
    }

    internal CaseName(string file, string title) => (File, Title) = (file, title);

    internal string File { get; private set; } = "";

    internal string Title { get; private set; } = "";

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(File), File);
        info.AddValue(nameof(Title), Title);
    }

    public void Deserialize(IXunitSerializationInfo info) => (File, Title) = (info.GetValue<string>(nameof(File)), info.GetValue<string>(nameof(Title)));

    public override string ToString() => $"{File}: {Title}";
}
