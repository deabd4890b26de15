using System.Globalization;

namespace BrokenPipeTools.Testing;

/// <summary>Environment variables that make a test run longer, or repeat one of its runs. tests/README.md lists them.</summary>
internal static class TestSetting
{
    /// <summary>The whole number in a variable; null if there is none.</summary>
    public static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
