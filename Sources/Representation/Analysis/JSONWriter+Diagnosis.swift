import Diagnosis
import Kernel

extension JSONWriter {
    mutating func write(_ diagnosis: OOMDiagnosis) {
        writeHeadline(of: diagnosis)
        object("denied_by", of: diagnosis.deniedBy) { json, denial in json.write(denial) }
        objects("filled_by", diagnosis.filledBy) { json, filling in
            json.write("what", filling.what)
            json.write("bytes", filling.bytes)
            json.write("share", thousandths: filling.thousandths)
        }
        objects("evidence", diagnosis.evidence) { json, evidence in
            json.write("claim", evidence.claim)
            json.write("line", evidence.line)
            json.write("quote", evidence.quote)
            json.write("source", evidence.source)
        }
        objects("remedies", diagnosis.remedies) { json, remedy in
            json.write("title", remedy.title)
            json.write("why", remedy.why)
            json.write("command", remedy.command)
            json.write("risk", remedy.risk)
        }
    }

    /// What a list of events shows of it.
    mutating func writeHeadline(of diagnosis: OOMDiagnosis) {
        write("cause", diagnosis.cause.rawValue)
        write("confidence", diagnosis.confidence.rawValue)
        write("summary", diagnosis.summary)
    }

    private mutating func write(_ denial: DeniedBy) {
        write("test", denial.test.rawValue)
        write("numa_node", denial.node)
        write("memory_zone", denial.zone)
        write("watermark", denial.watermark)
        write("order", denial.order)
        write("free_bytes", denial.free)
        write("needed_bytes", denial.needed)
        write("cgroup", denial.cgroup?.text)
        write("limit", denial.limitName)
        write("usage_bytes", denial.usage)
        write("limit_bytes", denial.limit)
        write("nodes", denial.nodes)
    }
}
