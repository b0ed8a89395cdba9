public import Kernel

// Groups with all that their files tell.

extension MemoryCgroups {
    /// The group, then those around it as far as its memory counts in them: the innermost first.
    ///
    /// - Throws: `.absent` where there is no such group, or no memory controller in this tree.
    public func readChain(of path: CgroupPath) throws(SourceError) -> [MemoryCgroup] {
        let tree = try readTree()
        guard tree.has(path) else { throw .absent(path: "\(tree.mount)\(path)") }
        var chain: [MemoryCgroup] = []
        var next: CgroupPath? = path
        while let group = next {
            let read = try tree.readGroup(group)
            chain.append(read)
            next = read.countsInParent ? group.parent : nil
        }
        return chain
    }

    /// Every group of the tree that has the memory controller, its root too where that tells anything.
    public func readAll() throws(SourceError) -> [MemoryCgroup] {
        let tree = try readTree()
        var groups: [MemoryCgroup] = []
        var waiting = [CgroupPath("/".utf8)]
        while let path = waiting.popLast(), groups.count < Self.most {
            let group = try tree.readUse(path)
            if group.usage != nil || group.maximum != nil { groups.append(group) }
            waiting += tree.readChildren(of: path)
        }
        return groups
    }

    /// The same group with the rest of its files.
    public func readRest(of group: MemoryCgroup) throws(SourceError) -> MemoryCgroup {
        var group = group
        try readTree().readRest(of: &group)
        return group
    }

    /// memory.oom.group of version 2; false where it cannot be read.
    func readKillsTogether(_ path: CgroupPath) -> Bool {
        do { return try CgroupTree.version2(root: root).readText("memory.oom.group", of: path)?.first == UInt8(ascii: "1") } catch
        {
            return false
        }
    }

    /// A tree may grow while it is read.
    private static let most = 1 << 16
}

extension CgroupTree {
    func has(_ path: CgroupPath) -> Bool {
        do {
            _ = try Directory(opening: directory(of: path))
            return true
        } catch { return false }
    }

    func readChildren(of path: CgroupPath) -> [CgroupPath] {
        do {
            let names = try Directory(opening: directory(of: path)).readDirectories()
            return names.map { CgroupPath((path.bytes.count > 1 ? path.bytes : []) + [UInt8(ascii: "/")] + $0) }
        } catch { return [] }
    }

    func readGroup(_ path: CgroupPath) throws(SourceError) -> MemoryCgroup {
        var group = try readUse(path)
        try readRest(of: &group)
        return group
    }

    /// Its use and its limits.
    func readUse(_ path: CgroupPath) throws(SourceError) -> MemoryCgroup {
        var group = MemoryCgroup(path: path, version: version)
        switch version {
        case .one:
            group.usage = try readAmount("memory.usage_in_bytes", of: path)
            group.maximum = try readAmount("memory.limit_in_bytes", of: path)
            group.swap.totalUsage = try readAmount("memory.memsw.usage_in_bytes", of: path)
            group.swap.totalMaximum = try readAmount("memory.memsw.limit_in_bytes", of: path)
            if let parent = path.parent { group.countsInParent = !(try readIsFlat(parent)) }
        case .two:
            group.usage = try readAmount("memory.current", of: path)
            group.maximum = try readAmount("memory.max", of: path)
            group.high = try readAmount("memory.high", of: path)
        }
        return group
    }

    func readRest(of group: inout MemoryCgroup) throws(SourceError) {
        let path = group.path
        switch version {
        case .one:
            let control = FlatCounters(parsing: try readText("memory.oom_control", of: path) ?? [])
            group.waitsInstead = control["oom_kill_disable"].map { $0 != 0 }
            group.isOutOfMemory = control["under_oom"].map { $0 != 0 }
            group.events.oomKill = control["oom_kill"]
            group.events.failures = try readAmount("memory.failcnt", of: path)?.count
            group.swappiness = try readAmount("memory.swappiness", of: path)?.count
        case .two:
            group.swap.usage = try readAmount("memory.swap.current", of: path)
            group.swap.maximum = try readAmount("memory.swap.max", of: path)
            group.events = MemoryCgroup.Events(parsing: try readText("memory.events", of: path) ?? [])
            group.killsTogether = try readText("memory.oom.group", of: path)?.first.map { $0 == UInt8(ascii: "1") }
            group.pressure = readPressure(of: path)
        }
    }

    /// Nil where PSI is switched off: reading is then refused.
    private func readPressure(of path: CgroupPath) -> Pressure? {
        do {
            return try readText("memory.pressure", of: path).map { text throws(ParseError) in try Pressure(parsing: text) }
        } catch {
            return nil
        }
    }
}
