public import Diagnosis
public import Kernel

/// `GET /processes`: who is how likely to be killed, with the memory as the badness formula sees it.
public struct ProcessesDocument: Sendable {
    let takenAt: Timestamp
    let page: ProcessPage
    let order: ProcessOrder
    let pageSize: PageSize

    public init(takenAt: Timestamp, page: ProcessPage, order: ProcessOrder, pageSize: PageSize) {
        self.takenAt = takenAt
        self.page = page
        self.order = order
        self.pageSize = pageSize
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("collected_at", takenAt)
            json.write("sort", order.rawValue)
            json.objects("processes", page.processes) { json, process in json.write(process, pageSize) }
            json.write("total", page.total)
            json.write("unreadable", page.denied)
        }
    }

    public static func json(_ process: ProcessReport, pageSize: PageSize, pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { $0.write(process, pageSize) }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ process: ProcessReport, _ pageSize: PageSize) {
        let status = process.reading.status
        write("pid", Int(status.process.rawValue))
        write(comm: status.commandName)
        write("parent_pid", Int(status.parent.rawValue))
        write("uid", Int(status.userID))
        write("state", status.state.description)
        write("threads", status.threads)
        write("kernel_thread", status.isKernelThread)
        write("oom_score_adj", process.reading.adjustment.rawValue)
        write("oom_score", process.details.score)
        write("badness_pages", process.badness?.pages.count)
        write("badness_bytes", process.badness?.pages, of: pageSize)
        write("rss_bytes", status.memory?.resident)
        write("swap_bytes", status.memory?.swapped)
        write("page_tables_bytes", status.memory?.pageTables)
        write("cgroup", process.details.memoryCgroup?.text)
        write("start_time_ticks", process.details.startTime.map { Int(clamping: $0.count) })
        guard let arguments = process.details.commandLine else { return }
        array("command_line", arguments) { json, argument in json.writeValue(String(decoding: argument, as: UTF8.self)) }
    }
}
