/// One block of a recording, as bytes. Whatever they are, reading them gives values or nothing.
struct RecordBlock {
    let bytes: ArraySlice<UInt8>
    let used: Int
    let head: Head
    private let layout: SampleLayout
    private let firstFrame: Int

    static let magic: UInt64 = 0x0001_4452_4d4f_4f57  // "WOOMRD", version 1
    static let headSize = 48
    private static let mostColumns = 1 << 14

    /// Which block it is, of which boot, and when it begins.
    struct Head {
        let sequence: UInt64
        let boot: UInt64
        let base: RecordedTime
    }

    var sequence: UInt64 { head.sequence }

    /// - Returns: nil where no block begins here.
    init?(decoding bytes: ArraySlice<UInt8>) {
        var reader = RecordReader(bytes)
        guard reader.word() == Self.magic, let used = reader.word(), used >= UInt64(Self.headSize), used <= UInt64(bytes.count),
            let sequence = reader.word(), let boot = reader.word(), let sinceBoot = reader.word(), let wall = reader.word(),
            let layout = reader.layout(), layout.columns <= Self.mostColumns, reader.at - bytes.startIndex <= Int(used)
        else { return nil }
        self.bytes = bytes
        self.used = Int(used)
        self.layout = layout
        firstFrame = reader.at
        head = Head(
            sequence: sequence, boot: boot,
            base: RecordedTime(
                sinceBoot: Nanoseconds(Int(Int64(bitPattern: sinceBoot))),
                wall: Timestamp(unixNanoseconds: Int(Int64(bitPattern: wall)))))
    }

    /// The blocks of an image, one after the other.
    static func all(in image: [UInt8]) -> [RecordBlock] {
        var blocks: [RecordBlock] = []
        var rest = image[...]
        while let block = RecordBlock(decoding: rest), block.used <= RecordRing.blockSize {
            blocks.append(block)
            rest = rest.dropFirst(block.used)
        }
        return blocks
    }

    func read(into recording: inout Recording) {
        guard head.base.wall <= recording.end else { return }
        var values = [Int](repeating: 0, count: layout.columns)
        var reader = RecordReader(bytes[firstFrame..<bytes.startIndex + used])
        while let kind = reader.byte(), let milliseconds = reader.unsigned(), let length = reader.length() {
            guard var body = reader.part(length) else { return }
            let time = head.base.later(byMilliseconds: milliseconds)
            guard let kind = RecordKind(rawValue: kind) else { continue }
            if kind == .sample, !body.addSample(to: &values) { return }
            guard recording.wants(kind, at: time.wall) else { continue }
            switch kind {
            case .sample:
                recording.samples.append(RecordedSample(time: time, boot: head.boot, layout: layout, values: values))
            case .processes: if let scan = body.processes(time) { recording.processes.append(scan) }
            case .cgroups: recording.cgroups.append(body.cgroups(time))
            case .margins: recording.margins.append(body.margins(time))
            }
        }
    }
}

/// What a frame holds. The raw values are written to disk.
enum RecordKind: UInt8, CaseIterable {
    case sample = 1
    case processes = 2
    case cgroups = 3
    case margins = 4
}

extension RecordedTime {
    fileprivate func later(byMilliseconds count: UInt64) -> RecordedTime {
        let nanoseconds = Int(clamping: count).multipliedReportingOverflow(by: 1_000_000)
        let span = nanoseconds.overflow ? 0 : nanoseconds.partialValue
        return RecordedTime(
            sinceBoot: Nanoseconds(sinceBoot.count &+ span), wall: Timestamp(unixNanoseconds: wall.unixNanoseconds &+ span))
    }
}
