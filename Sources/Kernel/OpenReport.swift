/// A report that has begun and of which no kill is known yet.
struct OpenReport: Sendable {
    private(set) var header: OOMReportHeader?
    /// The header as far as it has come, while a piece is missing.
    private(set) var headerText: [UInt8] = []
    private(set) var invoker: ProcessID?
    private(set) var summaryText: [UInt8]?
    private(set) var summary: OOMSummary?
    private(set) var choice: KillChoiceLine?
    let caller: String?
    let firstSequence: UInt64
    private(set) var lastSequence: UInt64
    private(set) var lastTime: TimeSinceBoot
    /// Records of the kernel since the last one that belongs to it for certain.
    private(set) var silence = 0
    private(set) var records = 0
    /// Records were lost since it began, and since its summary.
    private(set) var isTorn = false
    private(set) var isTornAfterSummary = false
    /// Its victim had ended already. A group may still die for it.
    var isSpared = false
    /// memory.oom.group: whoever dies next dies for it.
    var isWholeGroup = false

    init(from record: KernelLogRecord) {
        caller = record.caller
        firstSequence = record.sequence
        lastSequence = record.sequence
        lastTime = record.time
    }
}

extension OpenReport {
    /// True if there is nothing of a report but the unlimited lines.
    var isBare: Bool { header == nil && summaryText == nil }

    var isFull: Bool { header != nil && summary != nil && !isTorn }

    /// A record that belongs to it.
    mutating func touch(_ record: KernelLogRecord) {
        lastSequence = record.sequence
        lastTime = record.time
        silence = 0
    }

    /// A record of the kernel that may or may not belong to it.
    mutating func age() {
        silence += 1
        records += 1
    }

    mutating func tear() {
        isTorn = true
        isTornAfterSummary = isTornAfterSummary || summaryText != nil
    }

    mutating func begin(_ header: OOMReportHeader, _ text: [UInt8]) {
        self.header = header
        headerText = header.isComplete ? [] : text
    }

    mutating func set(_ processor: ProcessorLine) { invoker = processor.processID }

    mutating func set(_ choice: KillChoiceLine) { self.choice = choice }

    mutating func set(summary text: [UInt8]) {
        summaryText = text
        // The end of a group's name may look like the end of the line, so a later piece may still change it.
        summary = OOMSummary(text) ?? summary
    }

    /// The next piece of a line that other lines have cut in two. False if it is no piece of this report.
    mutating func append(_ piece: [UInt8], limit: Int) -> Bool {
        if let text = summaryText {
            guard text.count + piece.count <= limit else { return false }
            set(summary: text + piece)
            return true
        }
        guard let header, !header.isComplete, headerText.count + piece.count <= limit else { return false }
        headerText += piece
        guard let longer = OOMReportHeader(headerText) else { return false }
        begin(longer, headerText)
        return true
    }
}
