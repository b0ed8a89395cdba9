import Foundation
import Host
import Kernel
import Support

/// A process that has children when it is told to; they end with it.
final class Storm {
    let program: RunningProgram
    private var times = 0

    init(children: Int, depth: Int = 1) throws {
        program = try RunningProgram([Self.path("storm"), String(children), String(depth)])
        try waitUntil { program.output.text.contains("ready") }
    }

    var id: ProcessID { ProcessID(program.pid) }

    func makeChildren() throws {
        program.signal(SIGUSR1)
        times += 1
        try waitUntil { program.output.text.components(separatedBy: "done").count > times }
    }

    /// Once it has `count` of them.
    func descendants(_ count: Int) throws -> [ProcessID] {
        var found: [ProcessID] = []
        try waitUntil {
            found = try ProcessTable().readTree().descendants(of: id)
            return found.count == count
        }
        return found
    }

    static func path(_ program: String) -> String {
        URL(fileURLWithPath: Oomwarden.path).deletingLastPathComponent().path + "/" + program
    }
}
