/// How a file is compressed, by its first bytes.
public enum Compression: String, CaseIterable, Hashable, Sendable {
    case gzip, xz, zstd
    /// Known, so that nobody is told that there is no report in it.
    case bzip2, lz4

    /// nil for what is no archive that we know.
    init?(magic bytes: ArraySlice<UInt8>) {
        let found = Self.allCases.first { bytes.starts(with: $0.magic) }
        guard let found else { return nil }
        self = found
    }

    private var magic: [UInt8] {
        switch self {
        case .gzip: [0x1f, 0x8b]
        case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
        case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
        case .bzip2: Array("BZh".utf8)
        case .lz4: [0x04, 0x22, 0x4d, 0x18]
        }
    }

    /// The program that prints what is in it.
    var reader: String {
        switch self {
        case .gzip: "zcat"
        case .xz: "xzcat"
        case .zstd: "zstdcat"
        case .bzip2: "bzcat"
        case .lz4: "lz4cat"
        }
    }
}

/// What a library of compression makes of some bytes. One value reads one file.
protocol Decompressor: AnyObject {
    var compression: Compression { get }

    /// Takes some of `input` and fills some of `output` from `start` on.
    ///
    /// - Parameter isLast: nothing comes after `input`; the archive must be complete then.
    func step(
        _ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], from start: Int
    ) throws(DecompressionError) -> DecompressionStep
}

/// How far it went.
struct DecompressionStep {
    let consumed: Int
    let produced: Int
}

/// What is wrong with an archive.
public enum DecompressionError: Error, Hashable, Sendable {
    case corrupt
    case truncated
    /// It wants a window that is larger than we set aside for any file.
    case tooLarge
    /// The library could not be set up; in practice for want of memory.
    case unavailable

    var found: String {
        switch self {
        case .corrupt: "bytes that are none of it"
        case .truncated: "the end of the file"
        case .tooLarge: "an archive that needs more memory than is set aside for one"
        case .unavailable: "no memory to read it"
        }
    }
}
