import Host
import Kernel
import Logging
import Synchronization

extension FlightRecorder {
    /// Has the ring written to the disk by the worker; the recorder does not wait for it.
    func requestCheckpoint() {
        guard settings.checkpoint != nil else { return }
        settings.slowWork { [self] in writeCheckpoint() }
    }

    /// Writes the ring to the disk, block by block: the recorder goes on meanwhile.
    public func writeCheckpoint() {
        guard let path = settings.checkpoint else { return }
        do throws(SourceError) {
            let file = try StateFile(replacing: path)
            try file.append(Self.head)
            for part in Part.allCases {
                var number: UInt64 = 0
                while let block = copy(part, after: number) {
                    number = block.number
                    try file.append([part.rawValue] + block.bytes)
                }
            }
            try file.commit()
        } catch { logger.warning("recorder: the ring was not written: \(error), ignoring") }
    }

    /// Takes up what an earlier run wrote; before `start()`.
    public func readCheckpoint() {
        guard let path = settings.checkpoint else { return }
        do throws(SourceError) {
            let most = (settings.fineBlocks + settings.coarseBlocks + 1) * (RecordRing.blockSize + 1)
            guard let bytes = try StateFile.read(path, atMost: most) else { return }
            guard bytes.starts(with: Self.head) else {
                return logger.warning("recorder: \(path) is no recording of this version, ignoring")
            }
            restore(bytes.dropFirst(Self.head.count))
        } catch { logger.warning("recorder: the earlier recording cannot be read: \(error), ignoring") }
    }

    private static let head = Array("oomwarden recording 1\n".utf8)

    private enum Part: UInt8, CaseIterable { case fine = 1, coarse = 2 }

    private func copy(_ part: Part, after number: UInt64) -> (number: UInt64, bytes: [UInt8])? {
        state.withLock { state in
            switch part {
            case .fine: state.fine.copy(after: number)
            case .coarse: state.coarse.copy(after: number)
            }
        }
    }

    private func restore(_ bytes: ArraySlice<UInt8>) {
        state.withLock { state in
            var rest = bytes
            while let part = rest.popFirst().flatMap(Part.init), let size = RecordRing.sizeOfBlock(at: rest) {
                let block = Array(rest.prefix(size))
                switch part {
                case .fine: state.fine.restore(block)
                case .coarse: state.coarse.restore(block)
                }
                rest = rest.dropFirst(size)
            }
        }
    }
}
