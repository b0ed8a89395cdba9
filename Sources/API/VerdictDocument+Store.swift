import Kernel
public import Representation
public import Store

extension VerdictDocument {
    public init(_ verdict: KillVerdict) {
        let question = verdict.question
        let subject: (name: String, value: String) =
            switch question.subject {
            case .processID(let pid): ("pid", pid.description)
            case .container(let id): ("container", id)
            case .unit(let unit): ("unit", unit)
            case .comm(let comm): ("comm", comm.text)
            }
        self.init(
            answer: Answer(rawValue: verdict.answer.rawValue) ?? .unknown, subject: subject, time: question.time,
            tolerance: question.tolerance)
        events = verdict.events.map { OOMKillsEntry($0) }
        covered = verdict.covered.map { Span(from: $0.time.lowerBound, until: $0.time.upperBound, bootID: $0.bootID) }
        uncovered = verdict.uncovered.map { Span(from: $0.lowerBound, until: $0.upperBound, bootID: nil) }
    }
}
