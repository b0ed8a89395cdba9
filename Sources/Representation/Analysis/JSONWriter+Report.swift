import Diagnosis
import Kernel

extension JSONWriter {
    /// The members of a report in the order of the contract, then what else is known.
    mutating func write(_ report: OOMReport, _ diagnosis: OOMDiagnosis) {
        write("kind", report.kind.rawValue)
        write("kernel", report.release)
        writeOrigin(of: report)
        write("scope", report.scope.rawValue)
        write("constraint", report.constraint)
        write("limit_cgroup", report.limitCgroup?.text)
        write("victim_cgroup", report.victimCgroup?.text)
        object("invoker", of: report.invoker) { json, invoker in
            json.write(comm: invoker.comm)
            json.write("pid", invoker.processID)
            json.write("oom_score_adj", invoker.scoreAdjustment)
        }
        object("request", of: report.request) { json, request in json.write(request) }
        writeMemory(of: report, diagnosis)
        writeTasks(of: report)
        objects("victims", report.victims) { json, victim in json.write(victim) }
        object("diagnosis") { json in json.write(diagnosis) }
        writeAdditions(of: report)
    }

    /// Where in the log it stands, and when.
    mutating func writeOrigin(of report: OOMReport) {
        write("transport", report.transport.rawValue)
        array("lines", [report.lines.lowerBound, report.lines.upperBound]) { json, line in json.writeValue(line) }
        write("partial", report.isPartial)
        write("time", report.wallClock?.shown)
    }

    mutating func writeTasks(of report: OOMReport) {
        let size = report.pageSizeOrUsual
        objects("tasks", report.tasks.rows) { json, task in json.write(task, size) }
    }

    /// The zones, the cgroup and the swap of a report.
    mutating func writeMemory(of report: OOMReport, _ diagnosis: OOMDiagnosis) {
        objects("zones", ShownZone.all(of: report, diagnosis)) { json, zone in json.write(zone) }
        object("memcg", of: report.memcg) { json, usage in json.write(usage) }
        object("swap", of: report.swap) { json, swap in
            json.write("total_bytes", swap.total)
            json.write("free_bytes", swap.free)
        }
    }
}
