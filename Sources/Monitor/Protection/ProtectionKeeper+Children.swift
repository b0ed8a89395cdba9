import Host
public import Kernel
import Store
import Synchronization

extension ProtectionKeeper {
    /// What became of one family: how many live below its root, and how many were given another value now.
    struct Family {
        var descendants: Int?
        var changed = 0
    }

    /// Whether somebody calls `noteForked(parent:child:)` for every process, so that none is looked for.
    public var isToldOfForks: Bool {
        get { toldOfForks.load(ordering: .relaxed) }
        set { toldOfForks.store(newValue, ordering: .relaxed) }
    }

    /// A child was made. The kernel gave it the adjustment of its parent, and the floor.
    public func noteForked(parent: ProcessID, child: ProcessID) {
        quietly { held in
            guard let root = held.root(ofChildrenOf: parent) else { return }
            adopt(child, of: root, &held)
        }
    }

    public func noteExited(_ process: ProcessID) {
        quietly { held in
            held.removeMember(process)
            guard let touched = held.touched(process), hasEnded(touched.key) else { return }
            guard touched.heirOf != nil else { return _ = endOfProcess(touched.key, &held) }
            held.forget(touched.key)
            held.unsaved.insert(touched.key)
        }
    }

    /// Looks at the processes whose numbers were not there the last time: a list of numbers costs far less than a look at each.
    ///
    /// - Parameter seen: the numbers of the last time; nil for the first.
    func lookForNew(_ seen: inout Set<ProcessID>?) {
        do throws(SourceError) {
            let present = Set(try table.readProcessIDs())
            defer { seen = present }
            guard let last = seen else { return sweep() }
            // The older is the parent, wherever both are new.
            let new = try table.readStats(of: present.subtracting(last)).sorted {
                ($0.startTime, $0.process) < ($1.startTime, $1.process)
            }
            for stat in new { noteForked(parent: stat.parent, child: stat.process) }
        } catch { note(error) }
    }

    /// Looks at every process: for descendants that nobody told us of, and for protected ones that have ended.
    ///
    /// Whoever was started below a protected process and has lost its parent before anybody looked is not found: the kernel keeps
    /// no trace of it.
    public func sweep() {
        quietly { held in
            guard !held.touched.isEmpty else { return }
            let tree: ProcessTree
            do throws(SourceError) { tree = try table.readTree() } catch { return note(error) }
            for root in held.roots where tree.startTime(of: root.process) != root.startTime { endOfProcess(root, &held) }
            for heir in held.touched.values where heir.heirOf != nil {
                guard tree.startTime(of: heir.key.process) != heir.key.startTime else { continue }
                held.forget(heir.key)
                held.unsaved.insert(heir.key)
            }
            for (process, member) in held.members where tree.startTime(of: process) != member.startTime {
                held.removeMember(process)
            }
            for root in held.roots { adoptAll(below: root, in: tree, &held) }
        }
        flush()
    }

    /// Writes down what happened to children, which is too much to be written one by one: a server that forks for each client would
    /// push everything else out of the audit.
    public func flush() { quietly { held in writeDownFamilies(&held) } }

    /// What a next start must know of children.
    func saveChildren() {
        quietly { held in
            settings.trail.note(unsavedChildren(&held))
        }
    }

    private func unsavedChildren(_ held: inout Holdings) -> [ProtectionChange] {
        defer { held.unsaved = [] }
        return held.unsaved.map { key in held.touched[key].map(ProtectionChange.touched) ?? .untouched(key) }
    }

    func writeDownFamilies(_ held: inout Holdings) {
        var changes = unsavedChildren(&held)
        for (change, count) in held.familyChanges {
            var entry = newEntry(change.verb, .daemon)
            entry.subject = AuditEntry.Subject(change.root)
            (entry.before, entry.after) = (change.before, change.after)
            (entry.lease, entry.policy) = (change.lease, change.policy)
            changes.append(.audit(entry.ended(.done, "children that had inherited it: \(count)")))
        }
        held.familyChanges = [:]
        settings.trail.note(changes)
    }

    /// One that a protected process has just made gets right what it inherited, so that this is not taken for its own.
    func adoptIfNew(_ process: ProcessID, _ held: inout Holdings) {
        guard !held.touched.isEmpty, held.touched(process) == nil else { return }
        do throws(SourceError) {
            guard let stat = try table.readStats(of: [process]).first else { return }
            if let root = held.root(ofChildrenOf: stat.parent) { adopt(process, of: root, &held) }
        } catch { note(error) }
    }

    /// Gives descendants what the present wish means for them; without one, what was there before.
    func settleFamily(of root: Holdings.Key, _ held: inout Holdings) -> Family {
        var family = Family(changed: settleHeirs(of: root, &held))
        do throws(SourceError) {
            let tree = try table.readTree()
            family.descendants = tree.descendants(of: root.process).count
            family.changed += adoptAll(below: root, in: tree, &held)
        } catch { note(error) }
        writeDownFamilies(&held)
        return family
    }

    /// Those of the family that are known to have a value of ours.
    ///
    /// - Returns: how many got another one.
    func settleHeirs(of root: Holdings.Key, _ held: inout Holdings) -> Int {
        held.heirs(of: root).count { settle($0, of: root, &held) }
    }

    func hasEnded(_ key: Holdings.Key) -> Bool {
        do throws(ProcessError) {
            let handle = try ProcessHandle(opening: key.process, in: table)
            guard handle.startTime == key.startTime else { return true }
            try handle.checkIsKillable()
            return false
        } catch { return error.isEnd }
    }
}

extension ProtectionKeeper {
    /// - Returns: how many got another value.
    @discardableResult
    func adoptAll(below root: Holdings.Key, in tree: ProcessTree, _ held: inout Holdings) -> Int {
        guard let touched = held.touched[root] else { return 0 }
        return tree.descendants(of: root.process).count { process in
            // What was there before has inherited nothing of ours.
            guard let start = tree.startTime(of: process), start >= touched.since else { return false }
            if let known = held.touched(process), known.key.startTime == start { return false }
            return adopt(process, of: root, &held)
        }
    }

    /// - Returns: whether it got another value.
    @discardableResult
    private func adopt(_ process: ProcessID, of root: Holdings.Key, _ held: inout Holdings) -> Bool {
        guard let touched = held.touched[root] else { return false }
        let inherits = held.wish(for: root)?.children == .inherit
        do throws(ProcessError) {
            let handle = try ProcessHandle(opening: process, in: table)
            held.addMember(process, startedAt: handle.startTime, of: root)
            let value = try handle.readAdjustment()
            guard held.isOurs(value, of: touched) else { return false }
            var heir = touched.heir(process, startedAt: handle.startTime)
            heir.applied = value
            let target = inherits ? touched.applied : touched.baseline
            guard inherits || value != target else { return false }
            let isChanged = settle(heir, to: target, stays: inherits, &held)
            if isChanged, !inherits { counts.withLock { $0.childrenReset += 1 } }
            return isChanged
        } catch {
            if !error.isEnd { note(ProtectionError.process(error)) }
            return false
        }
    }

    /// What the present wish of its root means for it.
    func settle(_ heir: TouchedProcess, of root: Holdings.Key, _ held: inout Holdings) -> Bool {
        let inherits = held.wish(for: root)?.children == .inherit
        let target = inherits ? held.touched[root]?.applied ?? heir.applied : heir.baseline
        return settle(heir, to: target, stays: inherits, &held)
    }

    /// Gives a child another value, where it has ours.
    ///
    /// - Parameter stays: whether it has its value from its root still, and not its own again.
    /// - Returns: whether it got another value.
    @discardableResult
    func settle(
        _ heir: TouchedProcess, to target: OOMScoreAdjustment, stays: Bool = false, _ held: inout Holdings
    ) -> Bool {
        var next = heir
        next.applied = target
        var isChanged = false
        do throws(ProcessError) {
            let handle = try ProcessHandle(opening: heir.key.process, in: table)
            if handle.startTime == heir.key.startTime, try handle.readAdjustment() == heir.applied, target != heir.applied {
                try handle.put(target, over: heir.applied, movedFloor: &next.movedFloor)
                held.noteChange(of: next, from: heir.applied)
                isChanged = true
            }
        } catch {
            if !error.isEnd {
                tryAgain(heir, error, &held)
                return false
            }
        }
        // A child that is put right before anybody knew it is not in the store.
        if stays || held.touched[heir.key] != nil { held.unsaved.insert(heir.key) }
        held.tryNoMore(heir.key)
        if stays { held.put(next) } else { held.forget(heir.key) }
        return isChanged
    }

    /// For what nobody waits for: where the store cannot be read nothing is known to be protected.
    func quietly(_ body: (inout Holdings) -> Void) {
        do throws(ProtectionError) { try locked { (held) in body(&held) } } catch {
            note(error)
        }
    }

    func note(_ error: SourceError) { note(ProtectionError.process(.failed(error))) }

    /// What nobody waits for has failed: it is told when it is another failure than the last.
    func note(_ failure: ProtectionError) {
        let isNews = counts.withLock { counts in
            defer { (counts.failures, counts.failure) = (counts.failures + 1, failure) }
            return counts.failure != failure
        }
        if isNews { settings.onFailure(failure) }
    }
}

extension TouchedProcess {
    fileprivate func heir(_ process: ProcessID, startedAt startTime: ClockTicks) -> TouchedProcess {
        var heir = TouchedProcess(
            key: Key(bootID: key.bootID, process: process, startTime: startTime), baseline: baseline, applied: applied,
            since: since)
        heir.movedFloor = movedFloor
        heir.heirOf = key
        return heir
    }
}
