extension ProcessStatus {
    /// The text of /proc/<pid>/status, read up to its `CapEff` line: what follows is long and of no use here.
    ///
    ///     VmRSS:	    3368 kB
    ///
    /// - Throws: for a number that is none, and where one of the lines is missing that every kernel prints.
    public init(parsing bytes: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(bytes)
        var lines = StatusLines()
        while lines.effectiveCapabilities == nil, cursor.nextLine() { try lines.read(&cursor) }
        try self.init(
            commandName: required(lines.commandName, "Name"),
            process: required(lines.process, "Pid"),
            threadGroup: required(lines.threadGroup, "Tgid"),
            parent: required(lines.parent, "PPid"),
            state: required(lines.state, "State"),
            userID: required(lines.userID, "Uid"),
            threads: required(lines.threads, "Threads"),
            memory: lines.memory,
            effectiveCapabilities: required(lines.effectiveCapabilities, "CapEff"),
            isKernelThread: lines.isKernelThread)
    }
}

/// What has been read so far; the order of the lines changed over the years.
private struct StatusLines {
    var commandName: CommandName?
    var process: ProcessID?
    var threadGroup: ProcessID?
    var parent: ProcessID?
    var state: ProcessState?
    var userID: UInt32?
    var threads: Int?
    var resident: Bytes?
    var swapped: Bytes?
    var pageTables: Bytes?
    var effectiveCapabilities: CapabilitySet?
    var isKernelThread: Bool?

    var memory: ProcessStatus.Memory? {
        resident.map { ProcessStatus.Memory(resident: $0, swapped: swapped, pageTables: pageTables) }
    }

    /// Fifty lines of each process come through here, so the first letter decides which names are compared at all.
    mutating func read(_ cursor: inout LineCursor) throws(ParseError) {
        switch cursor.peek {
        case UInt8(ascii: "N"): if cursor.skip("Name:\t") { commandName = cursor.unescapedName() }
        case UInt8(ascii: "S"): if cursor.skip("State:\t") { state = try cursor.state() }
        case UInt8(ascii: "P"): try readPids(&cursor)
        case UInt8(ascii: "T"): try readThreads(&cursor)
        case UInt8(ascii: "U"): if cursor.skip("Uid:") { userID = UInt32(truncatingIfNeeded: try cursor.number(of: "Uid")) }
        case UInt8(ascii: "K"): if cursor.skip("Kthread:") { isKernelThread = try cursor.number(of: "Kthread") != 0 }
        case UInt8(ascii: "V"): try readMemory(&cursor)
        case UInt8(ascii: "C"): if cursor.skip("CapEff:") { effectiveCapabilities = try cursor.capabilities() }
        default: break
        }
    }

    private mutating func readPids(_ cursor: inout LineCursor) throws(ParseError) {
        if cursor.skip("Pid:") {
            process = try cursor.processID(of: "Pid")
        } else if cursor.skip("PPid:") {
            parent = try cursor.processID(of: "PPid")
        }
    }

    private mutating func readThreads(_ cursor: inout LineCursor) throws(ParseError) {
        if cursor.skip("Tgid:") {
            threadGroup = try cursor.processID(of: "Tgid")
        } else if cursor.skip("Threads:") {
            threads = try cursor.number(of: "Threads")
        }
    }

    private mutating func readMemory(_ cursor: inout LineCursor) throws(ParseError) {
        if cursor.skip("VmRSS:") {
            resident = Bytes(kibibytes: try cursor.number(of: "VmRSS"))
        } else if cursor.skip("VmPTE:") {
            pageTables = (pageTables ?? .zero) + Bytes(kibibytes: try cursor.number(of: "VmPTE"))
        } else if cursor.skip("VmPMD:") {
            pageTables = (pageTables ?? .zero) + Bytes(kibibytes: try cursor.number(of: "VmPMD"))
        } else if cursor.skip("VmSwap:") {
            swapped = Bytes(kibibytes: try cursor.number(of: "VmSwap"))
        }
    }
}

private func required<Value>(_ value: Value?, _ name: String) throws(ParseError) -> Value {
    guard let value else { throw ParseError(source: "status", line: 0, expected: "a line '\(name):'", found: nil) }
    return value
}

extension LineCursor {
    fileprivate mutating func number(of name: StaticString) throws(ParseError) -> Int {
        guard let number = number() else { throw error(in: "status", expected: "a number after '\(name):'") }
        return number
    }

    fileprivate mutating func processID(of name: StaticString) throws(ParseError) -> ProcessID {
        let start = at
        guard let id = Int32(exactly: try number(of: name)) else {
            at = start
            throw error(in: "status", expected: "a pid after '\(name):'")
        }
        return ProcessID(id)
    }

    fileprivate mutating func state() throws(ParseError) -> ProcessState {
        guard let letter = peek else { throw error(in: "status", expected: "a letter after 'State:'") }
        return ProcessState(letter: letter)
    }

    fileprivate mutating func capabilities() throws(ParseError) -> CapabilitySet {
        let digits = word()
        guard let mask = UInt64(text(digits), radix: 16) else {
            at = digits.lowerBound
            throw error(in: "status", expected: "a mask after 'CapEff:'")
        }
        return CapabilitySet(rawValue: mask)
    }

    /// The kernel escapes a newline and a backslash of the name, and nothing else.
    fileprivate mutating func unescapedName() -> CommandName {
        let backslash = UInt8(ascii: "\\")
        let escaped = bytes[rest()]
        guard escaped.contains(backslash) else { return CommandName(escaped) }
        var name: [UInt8] = []
        var iterator = escaped.makeIterator()
        while let byte = iterator.next() {
            guard byte == backslash, let next = iterator.next() else {
                name.append(byte)
                continue
            }
            switch next {
            case UInt8(ascii: "n"): name.append(UInt8(ascii: "\n"))
            case backslash: name.append(backslash)
            default: name += [backslash, next]
            }
        }
        return CommandName(name)
    }
}
