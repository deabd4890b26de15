using BrokenPipeTools.Diagnosis.Timers;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Tables of timers: their format, and errors with file and line.</summary>
public sealed class TimerFileTests : IDisposable
{
    private const string Header = "Seconds,Mode,Closer,Product,Source\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-timers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Header + "45,ResetInReply,Middlebox,our edge,wiki\n")]
    [InlineData("\ufeff" + Header + "45,ResetInReply,Middlebox,our edge,wiki")]
    [InlineData("# ours\r\n\r\n\"Product\",\"Closer\",\"Seconds\",\"Source\",\"Mode\"\r\n\"our edge\",\"middlebox\",\"45\",\"wiki\",\"resetinreply\"\r\n")] // as Export-Csv writes
    [InlineData("seconds, mode, closer, product, source\n 45.0 , ResetInReply , Middlebox , our edge , wiki \n")]
    public void The_same_table_may_be_written_in_many_ways(string text)
    {
        string path = Write(text);
        Assert.Equal(new KnownTimer(45, TimerMode.ResetInReply, TimerCloser.Middlebox, "our edge", "wiki"), Assert.Single(TimerFile.Read(path)));
        Assert.Equal([.. TimerFile.Read(path), .. KnownTimers.BuiltIn.All], KnownTimers.Read(path).All);
    }

    [Fact]
    public void A_field_in_quotation_marks_may_have_commas_and_quotation_marks_in_it_and_the_source_may_be_left_out()
    {
        KnownTimer timer = Assert.Single(TimerFile.Parse("Seconds,Mode,Closer,Product\n90.5,Fin,Server,\"the \"\"old\"\" proxy, rack 3\"\n", "t.csv"));
        Assert.Equal(new KnownTimer(90.5, TimerMode.Fin, TimerCloser.Server, "the \"old\" proxy, rack 3", ""), timer);
    }

    [Theory]
    [InlineData("", 0, "the table is empty")]
    [InlineData("# only a remark\n", 0, "the table is empty")]
    [InlineData("60,Fin,Server,x,\n", 1, "unknown column '60'")]
    [InlineData("Seconds,Mode,Product\n", 1, "column Closer is missing")]
    [InlineData("Seconds,Seconds,Mode,Closer,Product\n", 1, "twice")]
    [InlineData(Header + "60,Fin,Server,x,\n\n60,Fin,Server\n", 4, "3 fields for 5 columns")]
    [InlineData(Header + "60,Fin,Server,a, b,\n", 2, "6 fields for 5 columns")]
    [InlineData(Header + "soon,Fin,Server,x,\n", 2, "Seconds must be a number from 1 to 31536000, not 'soon'")]
    [InlineData(Header + "0.9,Fin,Server,x,\n", 2, "Seconds")]
    [InlineData(Header + "31536001,Fin,Server,x,\n", 2, "Seconds")]
    [InlineData(Header + "-60,Fin,Server,x,\n", 2, "Seconds")]
    [InlineData(Header + "NaN,Fin,Server,x,\n", 2, "Seconds")]
    [InlineData(Header + "60,Sudden,Server,x,\n", 2, "Mode must be one of Fin, Reset, ResetInReply, Silence, HalfClosed, KeepAlive, not 'Sudden'")]
    [InlineData(Header + "60,1,Server,x,\n", 2, "Mode")]
    [InlineData(Header + "60,Fin,Nobody,x,\n", 2, "Closer must be one of Client, Server, Middlebox, Both, not 'Nobody'")]
    [InlineData(Header + "60,Fin,Server,,\n", 2, "Product")]
    [InlineData(Header + "60,Fin,Server,\"x,\n", 2, "not closed")]
    [InlineData(Header + "60,Fin,Server,\"x\"y,\n", 2, "after a closing quotation mark")]
    [InlineData(Header + "60,Fin,Server,x\"y,\n", 2, "quotation mark within a field")]
    [InlineData(Header + "60,Fin,Server,\u001b[2J,\n", 2, "a control character")]
    public void Errors_have_file_line_and_reason(string text, int line, string reason)
    {
        string path = Write(text);
        TimerFileException problem = Assert.Throws<TimerFileException>(() => KnownTimers.Read(path));
        Assert.Equal((path, line), (problem.Path, problem.Line));
        Assert.StartsWith(line > 0 ? $"{path}, line {line}: " : $"{path}: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_text_is_an_error()
    {
        string binary = Path.Combine(_folder, "x.pcap");
        File.WriteAllBytes(binary, [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0]);
        string endless = Write(Header + new string('\n', 1 << 20));
        Assert.Contains("not UTF-8 text", Problem(binary), StringComparison.Ordinal);
        Assert.Contains("larger than 1 MiB", Problem(endless), StringComparison.Ordinal);
        Assert.Contains("no such file", Problem(Path.Combine(_folder, "none.csv")), StringComparison.Ordinal);
        Assert.Contains("no such file", Problem(Path.Combine(_folder, "none", "none.csv")), StringComparison.Ordinal);
        Assert.Contains("a directory", Problem(_folder), StringComparison.Ordinal);
        Assert.Contains("not a valid file name", Problem("a\0b"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_built_in_table_has_a_source_for_every_row_and_no_row_twice()
    {
        Assert.All(KnownTimers.BuiltIn.All, t => Assert.True(Uri.TryCreate(t.Source, UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http", $"{t.Product}: {t.Source}"));
        Assert.Equal(KnownTimers.BuiltIn.All.Count, KnownTimers.BuiltIn.All.Select(t => (t.Product, t.Mode)).Distinct().Count());
        Assert.Equal(KnownTimers.BuiltIn.All.Select(t => t.Seconds).Order(), KnownTimers.BuiltIn.All.Select(t => t.Seconds));
        Assert.All(Enum.GetValues<TimerMode>(), mode => Assert.Contains(KnownTimers.BuiltIn.All, t => t.Mode == mode));
    }

    private static string Problem(string path) => Assert.Throws<TimerFileException>(() => KnownTimers.Read(path)).Message;

    private string Write(string text)
    {
        string path = Path.Combine(_folder, "timers.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
