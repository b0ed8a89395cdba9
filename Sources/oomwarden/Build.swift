import CBuildInfo
import Representation

/// Which program this is. The revision and the compiler are what `make build` handed in; else "unknown".
enum Build {
    static let version = "0.1.0"

    static var info: BuildInfo {
        BuildInfo(version: version, revision: String(cString: oomwarden_revision), swift: String(cString: oomwarden_swift))
    }

    static var text: String { "oomwarden \(version) (revision \(info.revision), Swift \(info.swift))" }
}
