using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Cli.Options;

/// <summary>The options that select connections, such as --address. Every command that reads captures has them.</summary>
internal sealed class FilterOptions
{
    private readonly Option<AddressPrefix[]> _address = new("--address") { HelpName = "ADDRESS", CustomParser = ReadAddresses, Description = "only connections of this address, or 10.0.0.0/8, on either side (may be given again)" };
    private readonly Option<int[]> _port = NumberOption.Several("--port", "PORT", "only connections of this port, on either side (may be given again)", 0, ushort.MaxValue);
    private readonly Option<CloseState[]> _state = EnumPattern.Create("--state", "only connections in this state at the end, * and ? allowed (may be given again)", "state", [.. StateSummary.All.Select(one => (one.State, one.Summary))], StateSummary.Matching);
    private readonly Option<Cause[]> _cause = EnumPattern.Create("--cause", "only connections of this cause, * and ? allowed (may be given again)", "cause", [.. CauseSummary.All.Select(one => (one.Cause, one.Summary))], CauseSummary.Matching);
    private readonly Option<DateTime?> _after = TimeOption.Create("--after", "only connections that existed at this time or later: 2026-11-21T09:07:00Z (UTC without a zone)");
    private readonly Option<DateTime?> _before = TimeOption.Create("--before", "only connections that had started by this time; with --after: that overlap the time between");
    private readonly Option<string?> _contains = new("--contains") { HelpName = "TEXT", Description = "only connections that have this text in the payload of a packet, such as the id of a request (UTF-8; case matters)" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _address, _port, _state, _cause, _after, _before, _contains })
            command.Add(option);
        _before.Validators.Add(result =>
        {
            if (TimeOption.TryRead(Text(result)) < TimeOption.TryRead(Text(result.GetResult(_after))))
                result.AddError("--before is earlier than --after");
        });
        _contains.Validators.Add(result =>
        {
            if (Encoding.UTF8.GetByteCount(Text(result) ?? "") > RecordFilter.MaxTextLength)
                result.AddError($"--contains: the text is too long; at most {RecordFilter.MaxTextLength} bytes in UTF-8");
        });
    }

    public RecordFilter Read(ParseResult result) => new()
    {
        Addresses = result.GetValue(_address) ?? [],
        Ports = result.GetValue(_port) ?? [],
        States = result.GetValue(_state) ?? [],
        Causes = result.GetValue(_cause) ?? [],
        After = result.GetValue(_after),
        Before = result.GetValue(_before),
        Contains = result.GetValue(_contains),
    };

    private static string? Text(OptionResult? result) => result is { Tokens: [{ } token, ..] } ? token.Value : null;

    private static AddressPrefix[] ReadAddresses(ArgumentResult result)
    {
        List<AddressPrefix> prefixes = [];
        foreach (Token token in result.Tokens)
        {
            if (AddressPrefix.TryParse(token.Value, out AddressPrefix prefix))
                prefixes.Add(prefix);
            else
                result.AddError($"--address: '{token.Value}' is not an IP address or prefix");
        }

        return [.. prefixes];
    }
}
