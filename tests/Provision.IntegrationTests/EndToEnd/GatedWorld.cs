using Provision.IntegrationTests.Lab;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>A workspace whose first container becomes healthy when the test says so.</summary>
internal sealed class GatedWorld : IDisposable
{
    public GatedWorld(DockerLab lab, string stack)
    {
        Workspace = new TestWorkspace(stack);
        Gate = Directory.CreateDirectory(Path.Combine(Workspace.Home, "gate")).FullName;
        Workspace.Declare(Definitions.Gated, ("endpoint", lab.Endpoint), ("gate", Gate));
        Objects = new StampedObjects(lab, stack);
    }

    public TestWorkspace Workspace { get; }

    public StampedObjects Objects { get; }

    public string Gate { get; }

    public ProvisionProcess Up() => ProvisionProcess.Start(Workspace, "up", Workspace.Stack, "--yes");

    public void Open() => File.WriteAllText(Path.Combine(Gate, "open"), "");

    public void Dispose()
    {
        Objects.Dispose();
        Workspace.Dispose();
    }
}
