using BrokenPipeTools.Analysis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>The next record in reused memory contains nothing of the earlier connection.</summary>
public sealed class RecordPoolTests
{
    private const string Opening = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(5)\nC:ACK\n";

    private static readonly string[] Scripts =
    [
        Opening + "S:FIN\nC:ACK\nC:DATA(9)\nS:RST",
        Opening + "S:FIN\nC:FIN\nS:ACK",
        Opening + "S:RST-ACK",
        "C:SYN\nS:RST-ACK",
        Opening,
    ];

    [Fact]
    public void A_record_in_reused_memory_equals_a_new_one()
    {
        RecordPool pool = new();
        foreach (string before in Scripts)
        {
            foreach (string script in Scripts)
            {
                List<ConnectionClose> used = PacketScript.Run(before, options: new AnalyzerOptions { Pool = pool });
                Assert.NotEmpty(AllTexts(used[0])); // so that its properties were computed
                pool.Return(used);
                ConnectionClose again = PacketScript.One(script, options: new AnalyzerOptions { Pool = pool });
                Assert.Same(used[0].Connection, again.Connection);
                Assert.Equal(AllTexts(PacketScript.One(script)), AllTexts(again));
            }
        }
    }

    private static string AllTexts(ConnectionClose record) => string.Join(" | ", record.State, record.ClosedBy, record.Sequence, record.Cause, record.Confidence,
        record.Explanation, record.ClientRead, record.ClientWrite, record.ServerRead, record.ServerWrite, record.BrokenPipe, string.Join(", ", record.Evidence));
}
