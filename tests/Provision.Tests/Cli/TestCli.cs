using System.Collections.Immutable;
using System.Diagnostics;
using Provision.Cli;
using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Model;
using Provision.Providers.Lowering;
using Provision.Tests.Cli.Machines;
using Xunit;

namespace Provision.Tests.Cli;

/// <summary>The whole program in this process, on captured streams, in a workspace of its own, with a provider whose world is a dictionary.</summary>
internal sealed class TestCli : IDisposable
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public TestCli(bool withProject = true)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "stacks"));
        if (withProject)
        {
            File.WriteAllText(Path.Combine(Folder, "Pulumi.yaml"), "name: demo\nruntime: dotnet\nmain: stacks\nstackConfigDir: stacks\nbackend:\n  url: file://.\n");
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("provision-cli-").FullName;

    /// <summary>What exists, by id.</summary>
    public Dictionary<string, PropertyMap> World { get; } = [];

    /// <summary>What the stack declares: names and inputs.</summary>
    public Dictionary<string, PropertyMap> Declared { get; } = [];

    public Dictionary<string, string> Environment { get; } = new() { ["PULUMI_CONFIG_PASSPHRASE"] = "correct horse" };

    /// <summary>Hypervisors by their URI: what machines do there.</summary>
    public FakeMachines Machines { get; } = new();

    /// <summary>Goals beside those of <see cref="Declared"/>, given the project and the stack; their providers are dictionaries too.</summary>
    public Func<string, string, IEnumerable<ResourceGoal>> MoreGoals { get; set; } = (_, _) => [];

    /// <summary>The definition that the goals were lowered from; null where a test is about goals alone.</summary>
    public Stack? Definition { get; set; }

    /// <summary>What this machine says it has.</summary>
    public HostCapacity? Capacity { get; set; }

    /// <summary>Policies that the stack does not keep.</summary>
    public ImmutableArray<PolicyViolation> Violations { get; set; } = [];

    /// <summary>What is read from standard input as bytes.</summary>
    public Stream InputBytes { get; set; } = Stream.Null;

    /// <summary>What was written to standard output as bytes.</summary>
    public MemoryStream OutputBytes { get; private set; } = new();

    public bool IsTerminal { get; set; }

    public string Input { get; set; } = "";

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public void AddStack(string name) => File.WriteAllText(Path.Combine(Folder, "stacks", $"Pulumi.{name}.yaml"), "config:\n  demo:size: 3\n");

    /// <summary>Runs one command; what it printed is in <see cref="Out"/> and <see cref="Error"/>.</summary>
    public async Task<int> RunAsync(params string[] arguments)
    {
        _out.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        OutputBytes = new MemoryStream();
        var io = new IoContext
        {
            OpenReader = () => new StringReader(Input),
            Out = _out,
            Error = _error,
            ReadHidden = () => Input,
            OpenIn = () => InputBytes,
            OpenKeys = () => InputBytes,
            OpenOut = () => OutputBytes,
            OpenError = () => Stream.Null,
            RunProgram = RunProgramAsync,
            Environment = name => name == "HOME" ? Folder : name == "TERM" ? "dumb" : Environment.GetValueOrDefault(name),
            CurrentFolder = Folder,
            InIsTerminal = IsTerminal,
            OutIsTerminal = IsTerminal,
            ErrorIsTerminal = IsTerminal,
            Width = 100,
        };
        var lastId = 0;
        var composition = new Composition
        {
            Providers = (_, _) => [new WorldFactory(World), new WorldFactory(World, "libvirt"), new WorldFactory(World, "docker"), new WorldFactory(World, "tls")],
            ReviewProviders = _ => [],
            ReadGoals = (_, workspace, stack, _, _) => Goals(workspace.Project.Name, stack),
            OpenMachines = Machines.Open,
            ReadCapacity = _ => Capacity,
            NewId = () => new Guid(Interlocked.Increment(ref lastId), 0, 0, new byte[8]),
        };
        using var signals = new StopSignals();
        var code = await new CliProgram(io, TimeProvider.System, composition).RunAsync(arguments, signals);
        Assert.DoesNotContain("This is a bug", Error, StringComparison.Ordinal);
        return code;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A program on captured streams, where the real one has ours.</summary>
    private async Task<int> RunProgramAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await _out.WriteAsync(await process.StandardOutput.ReadToEndAsync(cancellationToken));
        await _error.WriteAsync(await errors);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    private StackGoalSet Goals(string project, string stack)
    {
        var root = Urn.OfStack(stack, project);
        var provider = Urn.Create(stack, project, root, ResourceType.ProviderOf("fake"), "world");
        return new StackGoalSet(
        [
            new ResourceGoal { Urn = root, Custom = false, ComponentOutputs = PropertyMap.Of(("count", Declared.Count), ("token", new PropertyValue.Secret("hunter2"))) },
            new ResourceGoal { Urn = provider, Custom = true, Parent = root },
            .. Declared.Select(declared => new ResourceGoal
            {
                Urn = Urn.Create(stack, project, root, new ResourceType("fake:index:Thing"), declared.Key),
                Custom = true,
                Parent = root,
                Provider = provider,
                Inputs = declared.Value,
            }),
            .. MoreGoals(project, stack),
        ], new ModelHashes(string.Join(',', Declared), "", ""))
        { Stack = Definition, Violations = Violations };
    }
}

/// <summary>Things with properties, in memory. A thing whose <c>fail</c> is true cannot be made; <c>kind</c> cannot be changed in place.</summary>
internal sealed class WorldFactory(Dictionary<string, PropertyMap> world, string package = "fake") : IProviderFactory
{
    public string Package => package;

    public CheckResponse CheckConfig(PropertyMap inputs) => new(inputs, []);

    public bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs) => false;

    public IResourceProvider Open(PropertyMap inputs) => new WorldProvider(world);

    private sealed class WorldProvider(Dictionary<string, PropertyMap> world) : IResourceProvider
    {
        public CheckResponse Check(CheckRequest request) => new(request.NewInputs, []);

        public DiffResponse Diff(DiffRequest request)
        {
            var keys = request.NewInputs.Keys.Where(key => !Equals(request.OldOutputs.Find(key), request.NewInputs[key]));
            return new DiffResponse
            {
                Changes =
                [
                    .. keys.Select(key => new PropertyDiff(
                        PropertyPath.Of(key), DiffKind.Update, key == "kind" ? ApplyClass.Replace : ApplyClass.Live, request.OldOutputs.Find(key), request.NewInputs[key])),
                ],
                DeleteBeforeReplace = true,
            };
        }

        public WorkSlot SlotOf(ResourceType type, string operation) => new("world", "call", 8);

        public Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
        {
            if (request.Inputs.Find("fail") is PropertyValue.Bool { Value: true })
            {
                throw new ProviderException(ProviderFailure.Refused, "the world says no", "Ask nicely.", Remainder.Untouched.Value);
            }

            // An id of its own, where the inputs name one, as a domain has its UUID.
            var id = (request.Inputs.Find("id") as PropertyValue.String)?.Value ?? request.Urn.Name;
            lock (world)
            {
                world[id] = request.Inputs;
            }

            return Task.FromResult(new CreateResponse(id, request.Inputs));
        }

        public Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ReadResponse>>(
            [
                .. requests.Select(request => world.TryGetValue(request.Id, out var seen) ? new ReadResponse.Found(request.Id, seen, seen) : (ReadResponse)ReadResponse.Gone.Value),
            ]);

        public Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken) => Task.FromResult<FindResponse?>(null);

        public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
        {
            lock (world)
            {
                world[request.Id] = request.NewInputs;
            }

            return Task.FromResult(new UpdateResponse(request.NewInputs));
        }

        public Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
        {
            lock (world)
            {
                world.Remove(request.Id);
            }

            return Task.CompletedTask;
        }

        public Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken) => Task.FromResult(PropertyMap.Empty);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
