/// The line under the header that has the asker's process number and the kernel's release.
///
/// Kernel: lib/dump_stack.c, `dump_stack_print_info()`, since 3.9; with `UID:` since 6.11. Before it each architecture has
/// its own: `Pid: 1, comm: init Not tainted …` on x86, `CPU: 0 Not tainted …` without a process on s390.
struct ProcessorLine: Hashable, Sendable {
    let processID: ProcessID?
    /// As `uname -r` has it: `6.1.0-56-amd64`; nil where it is cut off.
    let release: String?
    /// Nil where its end cannot be seen, for it may hold anything.
    let comm: CommandName?
    /// From the name to the end of the line; nil where there is no name.
    private let name: [UInt8]?
}

extension ProcessorLine {
    /// Nil if `text` is no such line.
    ///
    ///     CPU: 0 UID: 0 PID: 121 Comm: big Not tainted 7.2.13+deb14-amd64 #1 PREEMPT(lazy)  Debian 7.2.13-1
    ///     Pid: 15462, comm: t Not tainted 2.6.32-220.7.1.el6.x86_64 #1
    init?(_ text: [UInt8]) {
        switch text.first {
        case UInt8(ascii: "C"): self.init(processor: text)
        case UInt8(ascii: "P"): self.init(process: text)
        default: return nil
        }
    }

    private init?(processor text: [UInt8]) {
        guard text.starts(with: "CPU: ") else { return nil }
        var at = text.endOfDigits(from: 5)
        guard at > 5 else { return nil }
        if text.has(" UID: ", at: at) { at = text.endOfDigits(from: at + 6) }
        if text.has(" PID: ", at: at), let processID = text.processID(at: at + 6) {
            at = text.endOfDigits(from: at + 6)
            guard text.has(" Comm: ", at: at) else { return nil }
            self.init(processID, named: at + 7, in: text)
        } else {
            guard text.has(" Not tainted ", at: at) || text.has(" Tainted: ", at: at) else { return nil }
            self.init(processID: nil, release: text.release(from: at), comm: nil, name: nil)
        }
    }

    private init?(process text: [UInt8]) {
        guard text.starts(with: "Pid: "), let processID = text.processID(at: 5) else { return nil }
        let at = text.endOfDigits(from: 5)
        guard text.has(", comm: ", at: at) else { return nil }
        self.init(processID, named: at + 8, in: text)
    }

    private init(_ processID: ProcessID, named start: Int, in text: [UInt8]) {
        let taint = text.startOfTaint(from: start)
        let comm = taint.map { end in
            CommandName(text.has(" Kdump: loaded", at: end - 14) ? text[start..<max(start, end - 14)] : text[start..<end])
        }
        self.init(
            processID: processID, release: taint.flatMap { text.release(from: $0) }, comm: comm, name: Array(text[start...]))
    }

    /// Where the name ends cannot be seen for certain: it may hold blanks. So it is asked for.
    func isAbout(_ comm: CommandName) -> Bool {
        guard let name, name.starts(with: comm.bytes) else { return false }
        return name.count == comm.bytes.count || name.has(" ", at: comm.bytes.count)
    }
}

extension [UInt8] {
    /// The last, as a name may hold the words too.
    fileprivate func startOfTaint(from start: Int) -> Int? {
        guard let taint = last(" Not tainted") ?? last(" Tainted: "), taint >= start else { return nil }
        return taint
    }

    /// The first word that begins `6.1`: the flags before it have blanks among them, and RHEL adds dashes and a T.
    fileprivate func release(from start: Int) -> String? {
        let words = self[start...].split(separator: UInt8(ascii: " ")).lazy.map { Array($0) }
        let word = words.first { word in
            let major = word.endOfDigits(from: 0)
            return major > 0 && word.has(".", at: major) && word.endOfDigits(from: major + 1) > major + 1
        }
        return word.map { String(decoding: $0, as: UTF8.self) }
    }
}
