import ArgumentParser
import Host
import Kernel
import Representation

/// What the commands share that read the machine themselves, without the daemon.
struct ReadingOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print JSON, as the daemon answers it, instead of a table.")
    var json = false

    @Option(
        name: .customLong("root"),
        help: ArgumentHelp("Read another machine's files: DIR/proc, DIR/sys, DIR/dev/kmsg.", valueName: "dir"),
        transform: RootDirectory.checked)
    var root: String?

    /// On stdout; JSON indented, since a person may look at it.
    func show(json document: (Bool) -> [UInt8], table: () -> String) throws {
        guard StandardStream.output.write(json ? document(true) : Array(table().utf8)) else {
            throw Failure("standard output did not take all of it: is the disk full?")
        }
    }
}

/// - Throws: a sentence with the path and the next step.
func shown<Value>(_ result: Result<Value, SourceError>) throws -> Value {
    do { return try result.get() } catch {
        if case .unreadable(_, let errno) = error, errno == 1 || errno == 13 {
            throw Failure("\(error); run it as root, or with the capability that the README names")
        }
        throw Failure("\(error)")
    }
}
