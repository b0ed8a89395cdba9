// A process's name may hold what stands around it, so its ends are looked for where a name of 15 bytes can end.

extension [UInt8] {
    /// The end of the name that the line begins with, `literal` behind it. Further on the words may stand in a cgroup's
    /// name, which anybody may choose.
    func endOfName(before literal: StaticString) -> Int? {
        let first = literal.withUTF8Buffer { $0.first }
        return withUnsafeBufferPointer { bytes in
            for index in 0..<Swift.min(bytes.count, 16) where bytes[index] == first && has(literal, at: index) { return index }
            return nil
        }
    }

    /// The end of the name that begins at `start`: the last of `ends` that a name of 15 bytes can reach, else the last of
    /// all. The first of `ends` that stands anywhere counts.
    func endOfName(from start: Int, before ends: [StaticString]) -> Int? {
        for end in ends {
            let near = last(end, before: start + 15 + end.utf8CodeUnitCount)
            if let near, near >= start { return near }
        }
        return ends.lazy.compactMap { end in last(end).flatMap { $0 >= start ? $0 : nil } }.first
    }
}
