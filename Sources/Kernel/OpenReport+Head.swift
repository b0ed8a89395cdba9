extension OpenReport {
    mutating func begin(_ header: OOMReportHeader, _ text: [UInt8]) {
        self.header = header
        headerText = header.isComplete ? [] : text
        report.quotes.header = QuotedLine(number: report.lines.lowerBound, bytes: text)
        report.nodeMask = header.nodeMask
        report.request = OOMReport.Request(mask: header.mask, order: header.order, kind: nil)
        era = header.era
        guard let comm = header.comm else { return }
        let processID = report.invoker?.processID
        report.invoker = OOMReport.Invoker(comm: comm, processID: processID, scoreAdjustment: header.scoreAdjustment)
    }

    mutating func begin(_ failure: AllocationFailureLine, _ line: LogLine) {
        hasFailure = true
        report.quotes.header = QuotedLine(number: line.number, bytes: line.text)
        report.nodeMask = failure.nodeMask
        report.request = OOMReport.Request(mask: failure.mask, order: failure.order, kind: nil)
        report.invoker = failure.comm.map { OOMReport.Invoker(comm: $0) }
        era = failure.era
    }

    mutating func set(_ processor: ProcessorLine, _ line: LogLine) {
        reach(.processor, line)
        report.release = processor.release ?? report.release
        if report.invoker != nil {
            report.invoker?.processID = processor.processID
        } else if header != nil || hasFailure, let comm = processor.comm {
            // Up to 2.6.18 the header does not tell who asked.
            report.invoker = OOMReport.Invoker(comm: comm, processID: processor.processID)
        }
    }

    /// s390 and old kernels; other architectures print it for any process. False if it is about another.
    ///
    ///     Process basename (pid: 30555, task: 00000000157da238, ksp: 000000002a1e3ae0)
    mutating func takeProcess(_ line: LogLine) -> Bool {
        guard let invoker = report.invoker, invoker.processID == nil, case let end = 8 + invoker.comm.bytes.count,
            line.text.has(" (pid: ", at: end), line.text[8..<end].elementsEqual(invoker.comm.bytes)
        else { return false }
        report.invoker?.processID = line.text.processID(at: end + 7)
        touch(line)
        return true
    }

    /// A call trace without the line before it: the head of this report may be lost.
    mutating func adopt(_ stray: Stray) {
        report.release = stray.processor.release ?? report.release
        guard let comm = stray.processor.comm else { return }
        report.invoker = OOMReport.Invoker(comm: comm, processID: stray.processor.processID)
    }

    /// What the mask stands for can be told when the release is known.
    var request: OOMReport.Request? {
        guard var request = report.request else { return nil }
        let release = report.release.flatMap { KernelVersion(release: $0) }
        request.kind = request.mask?.request(release: release, era: era)
        return request
    }
}

extension KernelVersion {
    /// Nil for what is no release.
    init?(release: String) {
        do { try self.init(parsing: Array(release.utf8)) } catch { return nil }
    }
}
