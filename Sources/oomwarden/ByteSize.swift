import ArgumentParser
import Kernel

/// An amount of bytes as people write it: `65536`, `512KiB`, `64MiB`, `1GiB`.
struct ByteSize: Hashable, CustomStringConvertible {
    let bytes: Bytes

    init(_ bytes: Bytes) { self.bytes = bytes }

    /// - Throws: with the forms that it has.
    init(parsing text: String) throws {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count)
        guard let count = Int(digits), count > 0, let shift = Self.shifts.first(where: { $0.unit == unit })?.shift,
            count <= Int.max >> shift
        else {
            throw ValidationError(
                "expected a number of bytes, or one with KiB, MiB or GiB such as 64MiB, found \(text.debugDescription)")
        }
        bytes = Bytes(count << shift)
    }

    var description: String {
        let fitting = Self.shifts.last { bytes.count % (1 << $0.shift) == 0 }
        return fitting.map { "\(bytes.count >> $0.shift)\($0.unit)" } ?? "\(bytes.count)"
    }

    private static let shifts: [(unit: String, shift: Int)] = [("", 0), ("KiB", 10), ("MiB", 20), ("GiB", 30)]
}
