import Kernel

/// The settings of vm that decide what an OOM ends in. Kernel: mm/oom_kill.c, `vm_oom_kill_table`.
public struct VMSettings: Hashable, Sendable {
    /// Each is nil where the file is not there or may not be read.
    public let panicOnOOM: Int?
    public let killsAllocatingTask: Int?
    public let swappiness: Int?

    public static func read(root: String = "") -> VMSettings {
        VMSettings(
            panicOnOOM: number("panic_on_oom", root), killsAllocatingTask: number("oom_kill_allocating_task", root),
            swappiness: number("swappiness", root))
    }

    private static func number(_ name: String, _ root: String) -> Int? {
        var reader = ProcessReader()
        do {
            var cursor = LineCursor(try reader.readText(Array("\(root)/proc/sys/vm/\(name)".utf8)))
            return cursor.nextLine() ? cursor.number() : nil
        } catch { return nil }
    }
}
