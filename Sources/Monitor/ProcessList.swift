public import Diagnosis
public import Host
public import Kernel

/// The processes of the machine in the order the OOM killer sees them.
public struct ProcessList: Sendable {
    private let table: ProcessTable
    private let health: SourceHealth?

    /// - Parameter health: is told how each listing went.
    public init(table: ProcessTable, health: SourceHealth? = nil) {
        self.table = table
        self.health = health
    }

    /// All processes are scanned, and the rest is read for those on the page alone. One that cannot be understood is counted.
    ///
    /// - Parameter formula: nil where the kernel's is unknown; then `badness` orders by size.
    /// - Throws: where /proc cannot be listed.
    public func readPage(
        by order: ProcessOrder, limit: Int, formula: BadnessFormula?, withCommandLines: Bool = false
    ) throws(SourceError) -> ProcessPage {
        do {
            let (page, scan) = try readPageAndScan(by: order, limit: limit, formula: formula, withCommandLines)
            health?.noteListing(failed: scan.failed, first: scan.firstFailure)
            return page
        } catch {
            health?.noteListing(error)
            throw error
        }
    }

    private func readPageAndScan(
        by order: ProcessOrder, limit: Int, formula: BadnessFormula?, _ withCommandLines: Bool
    ) throws(SourceError) -> (ProcessPage, ProcessTable.Scan) {
        let scan = try table.readAll()
        let first = order.first(limit, of: scan.processes, formula: formula)
        let details = try table.readDetails(of: first.map(\.reading.status.process), withCommandLines: withCommandLines)
        let reports = first.compactMap { ranked in
            details[ranked.reading.status.process].map {
                ProcessReport(reading: ranked.reading, badness: ranked.badness, details: $0)
            }
        }
        let page = ProcessPage(
            processes: reports, total: scan.processes.count, gone: scan.gone + first.count - reports.count,
            denied: scan.denied + scan.failed)
        return (page, scan)
    }

    /// One process. Its start time is always there.
    public func read(
        _ id: ProcessID, formula: BadnessFormula?, withCommandLine: Bool = false
    ) throws(ProcessError) -> ProcessReport {
        let handle = try ProcessHandle(opening: id, in: table)
        let reading = ProcessReading(status: try handle.readStatus(), adjustment: try handle.readAdjustment())
        let details = ProcessReport.Details(
            score: try handle.readScore(), memoryCgroup: try handle.readCgroups()?.memory?.path, startTime: handle.startTime,
            commandLine: withCommandLine ? try handle.readCommandLine() : nil)
        return ProcessReport(
            reading: reading, badness: formula?.badness(of: reading.status, adjustment: reading.adjustment), details: details)
    }
}
