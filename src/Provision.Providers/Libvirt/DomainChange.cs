using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>Makes domains and brings changes to them.</summary>
internal sealed class DomainChange(LibvirtConnection libvirt, TimeProvider clock, IGuestDial dial, DomainNeighbours neighbours)
{
    /// <summary>Changes that no part of the definition tells of: our own inputs, and what has a call of its own.</summary>
    private static readonly ImmutableHashSet<string> NotDefined =
        ["autostart", "running", "qemuAgent", "__power", "__ready", "__shutdownSeconds", "__user", "__image"];

    private readonly DomainSurvey _survey = new(libvirt);
    private readonly DhcpReservations _reservations = new(libvirt);

    /// <summary>
    /// Makes a domain: 1 refuse what cannot be, 2 define, 3 hold its addresses, 4 start on boot where asked, 5 start, 6 wait. What fails before
    /// it runs is undone; what fails after that stays, and is recorded.
    /// </summary>
    public async Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        var stamp = LibvirtStamp.Of(request.Inputs, request.Urn);
        var uuid = stamp.UuidText();
        var prepared = await new DomainPreparation(libvirt, neighbours).PrepareAsync(request.Urn, stamp.Uuid(), request.Inputs, exists: false, cancellationToken);
        var name = prepared.Facts.Name;
        var power = new DomainPower(libvirt, clock, request.Progress);
        request.Progress.Report("defining");

        // What an interrupted run left of it runs with an old definition.
        if (await power.StateAsync(uuid, name, cancellationToken) is not null)
        {
            await power.StopAsync(uuid, name, TimeSpan.Zero, cancellationToken);
        }

        using var watch = await libvirt.WatchAsync(uuid, cancellationToken);
        await DefineAsync(request.Inputs, prepared.Facts, stamp, previous: null, cancellationToken);
        try
        {
            await _reservations.BringAsync(name, [], Wanted(request.Urn, request.Inputs, prepared), cancellationToken);
            await SetAutostartAsync(uuid, name, new InputReader(request.Inputs).Flag("autostart"), cancellationToken);
            if (IsToRun(request.Inputs))
            {
                request.Progress.Report("starting");
                await power.StartAsync(uuid, name, IsToBeHeld(request.Inputs), cancellationToken);
            }
        }
        catch (ProviderException failure) when (failure.Remainder is not Remainder.Unknown)
        {
            throw failure.Leaving(await UndoAsync(request, prepared, failure, cancellationToken));
        }

        try
        {
            await WaitAsync(WaitedGuest.Of(prepared, request.Inputs, request.Timeout), request.Inputs, watch, request.Progress, cancellationToken);
        }
        catch (ProviderException failure)
        {
            throw failure.Leaving(new Remainder.Partial(uuid, await OutputsAsync(request.Urn, stamp.Uuid(), request.Inputs, PropertyMap.Empty, cancellationToken), [failure.Message]));
        }

        return new CreateResponse(uuid, await OutputsAsync(request.Urn, stamp.Uuid(), request.Inputs, PropertyMap.Empty, cancellationToken));
    }

    /// <summary>
    /// Brings changes: those for a restart by stopping, redefining and starting; added devices by plugging them in; the rest by redefining or a
    /// call of its own. Name, UUID and MAC addresses stay.
    /// </summary>
    public async Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        var inputs = request.NewInputs;
        var seen = await _survey.LookAsync(request.Id, inputs, cancellationToken)
            ?? throw new ProviderException(
                ProviderFailure.Refused, $"Cannot change domain '{request.Urn.Name}': it does not exist any more.", "Run up again: it is then made anew.", Remainder.Untouched.Value);
        var prepared = await new DomainPreparation(libvirt, neighbours).PrepareAsync(request.Urn, seen.View.Uuid, inputs, exists: true, cancellationToken);
        var name = prepared.Facts.Name;
        var power = new DomainPower(libvirt, clock, request.Progress);
        var stamp = LibvirtStamp.Of(inputs, request.Urn);
        using var watch = await libvirt.WatchAsync(request.Id, cancellationToken);
        var touched = false;
        try
        {
            var defined = request.Diff.Changes.Where(change => !NotDefined.Contains(change.Path.Top)).ToImmutableArray();
            var starts = IsToRun(inputs) && !seen.Sight.IsActive;
            var stops = seen.Sight.IsActive && (!IsToRun(inputs) || defined.Any(change => change.Apply == ApplyClass.Restart));
            if (stops)
            {
                // Off before it is defined anew: killed in between, the next run sees a machine that is off, and never one that still runs as it was.
                touched = true;
                await power.StopAsync(request.Id, name, DomainPower.LimitOf(request.OldInputs.ContainsKey("__shutdownSeconds") ? request.OldInputs : inputs), cancellationToken);
                starts = IsToRun(inputs);
            }

            // Before an interface is plugged in, whose guest asks for its address at once.
            await _reservations.BringAsync(
                name, DhcpReservations.Of(request.Urn, request.OldInputs, id => prepared.Facts.NetworkNames.GetValueOrDefault(id)), Wanted(request.Urn, inputs, prepared),
                cancellationToken);
            var stillRuns = seen.Sight.IsActive && !stops;
            if (!defined.IsEmpty)
            {
                request.Progress.Report("changing its definition");
                touched = true;
                await RedefineAsync(request, seen, prepared, stamp, stillRuns, cancellationToken);
            }

            if (request.Diff.Changes.Any(change => change.Path.Top == "autostart" || change.Path == DomainDiff.Persistent))
            {
                await SetAutostartAsync(request.Id, name, new InputReader(inputs).Flag("autostart") ?? false, cancellationToken);
            }

            if (starts)
            {
                request.Progress.Report("starting");
                touched = true;
                await power.StartAsync(request.Id, name, IsToBeHeld(inputs), cancellationToken);
            }
            else if (IsToRun(inputs) && request.Diff.Changes.Any(change => change.Path.Top == "__power"))
            {
                await power.HoldAsync(request.Id, name, IsToBeHeld(inputs), cancellationToken);
            }

            if (starts)
            {
                await WaitAsync(WaitedGuest.Of(prepared, inputs, request.Timeout), inputs, watch, request.Progress, cancellationToken);
            }
            else if (stillRuns)
            {
                var plugged = defined.Where(IsAddedDevice).Where(change => change.Path.Top == "networkInterfaces").Select(change => change.Path.Segments[1].Index);
                await WaitAsync(WaitedGuest.OfPlugged(prepared, inputs, plugged.ToHashSet(), request.Timeout), inputs, watch, request.Progress, cancellationToken);
            }
        }
        catch (ProviderException failure) when (touched && failure.Remainder is Remainder.Untouched)
        {
            neighbours.Forget(seen.View.Uuid);
            throw failure.Leaving(await WhatIsLeftAsync(request, seen.View.Uuid, failure, cancellationToken));
        }

        neighbours.Forget(seen.View.Uuid);
        return new UpdateResponse(await OutputsAsync(request.Urn, seen.View.Uuid, inputs, request.OldOutputs, cancellationToken));
    }

    private async Task RedefineAsync(
        UpdateRequest request, SurveyedDomain seen, PreparedDomain prepared, LibvirtStamp stamp, bool stillRuns, CancellationToken cancellationToken)
    {
        var added = stillRuns ? request.Diff.Changes.Where(IsAddedDevice).ToImmutableArray() : [];
        if (!seen.Sight.Persistent)
        {
            // Kept again from here on; what is plugged in below goes into the machine alone.
            await DefineAsync(request.NewInputs, prepared.Facts, stamp, seen.View, cancellationToken);
            await PlugAsync(request, seen.View, prepared.Facts, added, Affect.Live, cancellationToken);
            return;
        }

        await PlugAsync(request, seen.View, prepared.Facts, added, Affect.Live | Affect.Config, cancellationToken);
        if (added.Length == request.Diff.Changes.Count(change => !NotDefined.Contains(change.Path.Top)))
        {
            return;
        }

        // With the places on the bus that plugging in has just given.
        var now = added.IsEmpty ? seen.View : (await _survey.LookAsync(request.Id, request.NewInputs, cancellationToken))?.View ?? seen.View;
        await DefineAsync(request.NewInputs, prepared.Facts, stamp, now, cancellationToken);
    }

    private async Task PlugAsync(
        UpdateRequest request, DomainView view, DomainFacts facts, ImmutableArray<PropertyDiff> added, Affect affect, CancellationToken cancellationToken)
    {
        foreach (var change in added)
        {
            var index = change.Path.Segments[1].Index;
            var disk = change.Path.Top == "disks";
            var xml = disk ? DomainDisks.One(request.NewInputs, index, facts, view) : DomainInterfaces.One(request.NewInputs, index, facts);
            request.Progress.Report($"plugging in {(disk ? "a disk" : "a NIC")}");
            await libvirt.ChangeAsync(
                $"plug {(disk ? "a disk" : "a NIC")} into domain '{facts.Name}'",
                connect =>
                {
                    using var domain = connect.DomainByUuid(request.Id);
                    domain.AttachDevice(xml, affect);
                },
                cancellationToken);
        }
    }

    private static bool IsAddedDevice(PropertyDiff change) =>
        change is { Kind: DiffKind.Add, Apply: ApplyClass.Live, Path: { Top: "disks" or "networkInterfaces", Segments.Length: 2 } };

    private Task DefineAsync(PropertyMap inputs, DomainFacts facts, LibvirtStamp stamp, DomainView? previous, CancellationToken cancellationToken)
    {
        var xml = DomainWriter.Write(inputs, facts, libvirt.Driver.Has(LibvirtFeature.Metadata) ? stamp.ToXml() : null, previous);
        return libvirt.ChangeAsync(
            $"define domain '{facts.Name}'",
            connect =>
            {
                using var domain = connect.DefineDomain(xml);
            },
            cancellationToken);
    }

    private Task SetAutostartAsync(string uuid, string name, bool? autostart, CancellationToken cancellationToken) =>
        autostart is not { } wanted || !libvirt.Driver.Has(LibvirtFeature.Autostart)
            ? Task.CompletedTask
            : libvirt.ChangeAsync(
                $"set whether domain '{name}' starts with its host",
                connect =>
                {
                    using var domain = connect.DomainByUuid(uuid);
                    domain.SetAutostart(wanted);
                },
                cancellationToken);

    private Task WaitAsync(WaitedGuest guest, PropertyMap inputs, DomainWatch watch, IStepProgress progress, CancellationToken cancellationToken) =>
        IsToRun(inputs) && !IsToBeHeld(inputs)
            ? new GuestWait(libvirt, clock, dial, progress).RunAsync(guest, watch, cancellationToken)
            : Task.CompletedTask;

    /// <summary>Takes back a domain that did not come to run: nothing is left for the next run to trip over.</summary>
    private async Task<Remainder> UndoAsync(CreateRequest request, PreparedDomain prepared, ProviderException failure, CancellationToken cancellationToken)
    {
        try
        {
            await new DomainRemoval(libvirt, clock, request.Progress).RunAsync(
                prepared.Facts.Uuid.ToString("D"), prepared.Facts.Name, TimeSpan.Zero, Wanted(request.Urn, request.Inputs, prepared), cancellationToken);
            return Remainder.Untouched.Value;
        }
        catch (ProviderException)
        {
            return new Remainder.Partial(prepared.Facts.Uuid.ToString("D"), DomainShape.Blind(prepared.Facts.Uuid, request.Inputs), [failure.Message]);
        }
    }

    private async Task<Remainder> WhatIsLeftAsync(UpdateRequest request, Guid uuid, ProviderException failure, CancellationToken cancellationToken)
    {
        try
        {
            // With the inputs as they were: what was not reached shows as a difference then.
            return await _survey.LookAsync(request.Id, request.OldInputs, cancellationToken) is { } seen
                ? new Remainder.Partial(request.Id, DomainShape.Outputs(request.Urn, seen.View, seen.Sight, request.NewInputs, request.OldOutputs), [failure.Message])
                : Remainder.Unknown.Value;
        }
        catch (ProviderException)
        {
            return Remainder.Unknown.Value;
        }
    }

    private async Task<PropertyMap> OutputsAsync(Urn urn, Guid uuid, PropertyMap inputs, PropertyMap recorded, CancellationToken cancellationToken) =>
        await _survey.LookAsync(uuid.ToString("D"), inputs, cancellationToken) is { } seen
            ? DomainShape.Outputs(urn, seen.View, seen.Sight, inputs, recorded)
            : DomainShape.Blind(uuid, inputs);

    private static ImmutableArray<WantedReservation> Wanted(Urn urn, PropertyMap inputs, PreparedDomain prepared) =>
        DhcpReservations.Of(urn, inputs, id => prepared.Facts.NetworkNames.GetValueOrDefault(id));

    private static bool IsToRun(PropertyMap inputs) => (new InputReader(inputs).Flag("running") ?? true) && new InputReader(inputs).Text("__power") != "off";

    private static bool IsToBeHeld(PropertyMap inputs) => new InputReader(inputs).Text("__power") == "paused";
}
