import ArgumentParser
import Diagnosis
import Host
import Kernel
import Representation

/// Logs in, explanations out: a report is printed as soon as nothing can be added to it.
struct LogAnalysis {
    private(set) var reports = 0
    /// Something could not be read, or not to its end.
    private(set) var hasFailed = false
    private var printer: ReportPrinter
    private var progress: AnalysisProgress

    init(printer: ReportPrinter, progress: AnalysisProgress) {
        self.printer = printer
        self.progress = progress
    }

    /// - Throws: where standard output takes no more. What cannot be read is said, and the next file is read.
    mutating func read(_ path: String) throws {
        var parser = OOMLogParser()
        do {
            var file = try LogFile(opening: path)
            progress.begin(size: file.size)
            while let chunk = try file.readChunk() {
                let found = parser.add(chunk)
                progress.note(position: file.position, reports: reports + found.count)
                try show(found, of: path)
            }
        } catch let error as LogFileError {
            hasFailed = true
            progress.erase()
            say("\(error)")
        }
        try show(parser.finish(), of: path)
        progress.erase()
    }

    mutating func finish() throws { try check(printer.end()) }

    private mutating func show(_ found: [OOMReport], of path: String) throws {
        for report in found {
            reports += 1
            progress.erase()
            try check(printer.show(report, OOMDiagnosis(of: report), file: path == "-" ? nil : path))
        }
    }

    private func check(_ isWritten: Bool) throws {
        guard isWritten else {
            say("standard output did not take all of it: is the disk full?")
            throw ExitCode(2)
        }
    }
}

/// Puts reports on standard output, in words or as one JSON document.
struct ReportPrinter {
    private var document: AnalysisDocument?
    private let style: TextStyle
    /// Several logs: each report says whose it is.
    private let areSeveral: Bool
    private var count = 0

    init(json document: AnalysisDocument) {
        self.document = document
        style = TextStyle()
        areSeveral = false
    }

    init(text style: TextStyle, areSeveral: Bool) {
        document = nil
        self.style = style
        self.areSeveral = areSeveral
    }

    /// - Returns: false where standard output takes no more.
    mutating func show(_ report: OOMReport, _ diagnosis: OOMDiagnosis, file: String?) -> Bool {
        count += 1
        if var document {
            let opening = count == 1 ? document.opening : []
            let piece = document.piece(report, diagnosis, file: file)
            self.document = document
            return StandardStream.output.write(opening + piece)
        }
        let rule = areSeveral || count > 1 ? style.rule("\(file ?? "standard input"), report \(count)") + "\n\n" : ""
        let text = Explanation(of: report, diagnosis, style: style).text
        return StandardStream.output.write(Array(((count > 1 ? "\n" : "") + rule + text).utf8))
    }

    /// - Returns: false where standard output takes no more.
    func end() -> Bool {
        guard let document else { return true }
        return StandardStream.output.write((count == 0 ? document.opening : []) + document.closing())
    }
}
