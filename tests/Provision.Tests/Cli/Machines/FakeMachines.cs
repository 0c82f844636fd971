using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.Pipelines;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Access;

namespace Provision.Tests.Cli.Machines;

/// <summary>A machine of the fake hypervisor.</summary>
internal sealed class FakeMachine
{
    public MachinePower Power { get; set; } = MachinePower.Running;

    public ImmutableArray<string> Addresses { get; set; } = ["10.99.0.7"];

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Whether it shuts down when it is asked.</summary>
    public bool Listens { get; set; } = true;

    /// <summary>Why it does not answer after a start; null where it does.</summary>
    public string? Silence { get; set; }

    public List<MachineSnapshot> Snapshots { get; } = [];

    /// <summary>Bytes that it writes to its console; ends when it is powered off.</summary>
    public Pipe ConsoleOut { get; } = new();

    /// <summary>Bytes that are typed.</summary>
    public Pipe ConsoleIn { get; } = new();

    public bool ConsoleIsOpen { get; set; }
}

/// <summary>A hypervisor in memory: keeps machines by id, and remembers what was done to them.</summary>
internal sealed class FakeMachines
{
    private readonly ConcurrentQueue<string> _acts = new();

    public Dictionary<string, FakeMachine> ById { get; } = [];

    /// <summary>Every change, "start id", in order.</summary>
    public IReadOnlyList<string> Acts => [.. _acts];

    /// <summary>Thrown by whatever is asked, where the hypervisor is not there.</summary>
    public ProviderException? Down { get; set; }

    public IMachineAccess Open(PropertyMap inputs) => new Access(this, (inputs.Find("uri") as PropertyValue.String)?.Value ?? "fake:///none");

    private sealed class Access(FakeMachines world, string endpoint) : IMachineAccess
    {
        public string Endpoint => endpoint;

        public Task<HypervisorDescription> DescribeAsync(CancellationToken cancellationToken) =>
            world.Down is { } down ? throw down : Task.FromResult(new HypervisorDescription("QEMU", new Version(9, 0, 0), new Version(9, 0, 0), new Version(7, 2, 22)));

        public Task<ImmutableDictionary<string, MachineStatus>> StatusesAsync(IReadOnlyCollection<string> machines, CancellationToken cancellationToken) =>
            world.Down is { } down ? throw down : Task.FromResult(machines.Where(world.ById.ContainsKey).ToImmutableDictionary(
                id => id, id => new MachineStatus(id, world.ById[id].Power, world.ById[id].Power == MachinePower.Running ? world.ById[id].Addresses : [], world.ById[id].StartedAt)));

        public Task StartAsync(string machine, CancellationToken cancellationToken)
        {
            Act("start", machine).Power = MachinePower.Running;
            return Task.CompletedTask;
        }

        public Task WaitReadyAsync(ResourceState machine, IStepProgress progress, CancellationToken cancellationToken)
        {
            if (Act("wait", machine.Id).Silence is { } silence)
            {
                throw new ProviderException(ProviderFailure.Timeout, silence, "Look at its console.", Remainder.Untouched.Value);
            }

            return Task.CompletedTask;
        }

        public Task<bool> ShutDownAsync(string machine, TimeSpan limit, IStepProgress progress, CancellationToken cancellationToken)
        {
            var found = Act($"shut down within {limit.TotalSeconds:0} s", machine);
            found.Power = MachinePower.Off;
            return Task.FromResult(found.Listens);
        }

        public Task PowerOffAsync(string machine, CancellationToken cancellationToken)
        {
            Act("power off", machine).Power = MachinePower.Off;
            return Task.CompletedTask;
        }

        public Task<Stream> OpenConsoleAsync(string machine, bool force, CancellationToken cancellationToken)
        {
            var found = Find(machine);
            if (found.ConsoleIsOpen && !force)
            {
                throw new ProviderException(ProviderFailure.Conflict, "Somebody else has the console open.", "Take it over with --force.", Remainder.Untouched.Value);
            }

            return Task.FromResult<Stream>(new DuplexStream(found.ConsoleOut.Reader.AsStream(), found.ConsoleIn.Writer.AsStream()));
        }

        public Task<ImmutableArray<MachineSnapshot>> SnapshotsAsync(string machine, CancellationToken cancellationToken) =>
            Task.FromResult(Find(machine).Snapshots.ToImmutableArray());

        public Task CreateSnapshotAsync(string machine, string name, string? description, CancellationToken cancellationToken)
        {
            var found = Act($"snapshot {name}", machine);
            found.Snapshots.Add(new MachineSnapshot(name, description ?? "", DateTimeOffset.UnixEpoch.AddDays(20_000), found.Power == MachinePower.Running ? "running" : "shutoff", null, true));
            return Task.CompletedTask;
        }

        public Task RevertSnapshotAsync(string machine, string name, CancellationToken cancellationToken)
        {
            Act($"revert {name}", machine);
            return Task.CompletedTask;
        }

        public Task DeleteSnapshotAsync(string machine, string name, CancellationToken cancellationToken)
        {
            Act($"drop {name}", machine).Snapshots.RemoveAll(one => one.Name == name);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private FakeMachine Act(string act, string machine)
        {
            var found = Find(machine);
            world._acts.Enqueue($"{act} {machine}");
            return found;
        }

        private FakeMachine Find(string machine) => world.Down is { } down ? throw down
            : world.ById.TryGetValue(machine, out var found) ? found
            : throw new ProviderException(ProviderFailure.Refused, $"There is no machine '{machine}'.", null, Remainder.Untouched.Value);
    }
}

/// <summary>Reads from one stream and writes to another.</summary>
internal sealed class DuplexStream(Stream reading, Stream writing) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reading.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => writing.WriteAsync(buffer, cancellationToken);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
