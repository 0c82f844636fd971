using System.CommandLine;
using Provision.Cli.Doctor;
using Provision.Cli.Rendering;

namespace Provision.Cli.Commands;

/// <summary><c>provision doctor</c>: looks at the environment, changes nothing, and has a fix beside each finding.</summary>
internal sealed class DoctorCommand : ProvisionCommand
{
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Machine output" };

    public DoctorCommand(CommandRunner runner) : base(runner, "doctor", "Check the environment") => Add(_json);

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        // A dead daemon takes its whole limit: they are asked side by side.
        var docker = MachineChecks.DockerAsync(invocation.Token);
        var virtualization = VirtualizationProbe.ReadAsync(invocation);
        DoctorCheck[] checks =
        [
            .. MachineChecks.Process(invocation),
            .. await WorkspaceChecks.RunAsync(invocation),
            .. await MachineChecks.HostAsync(invocation.Clock, invocation.Token),
            .. await docker,
            .. VirtualizationChecks.Of(await virtualization),
        ];
        if (invocation.Parse.GetValue(_json))
        {
            invocation.WriteText(Json(checks));
        }
        else
        {
            invocation.Out.Lines(DoctorView.Lines(checks));
        }

        return checks.Any(check => check.Status == DoctorStatus.Failed) ? ExitCode.Error : ExitCode.Success;
    }

    private static string Json(DoctorCheck[] checks) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var check in checks)
        {
            writer.WriteStartObject();
            writer.WriteString("category", check.Category);
            writer.WriteString("name", check.Name);
            writer.WriteString("status", check.Status.ToString().ToLowerInvariant());
            writer.WriteString("message", check.Message);
            if (check.Fix is { } fix)
            {
                writer.WriteString("fix", fix);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
