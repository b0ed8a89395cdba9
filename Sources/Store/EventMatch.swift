import Kernel

/// When two tellings are of one event.
///
/// A source tells an event once, so what one run over a source has already found is not asked again (`EventStore.Claims`).
enum EventMatch {
    /// Of the kernel's own stamp: every transport copies it, some cut its last digits.
    static let stampTolerance = 1_000
    /// Of a wall clock that was read when the event happened: a syslog daemon's whole second, and the time that it took.
    static let wallTolerance = 5 * second
    /// Of one worked out later from the kernel's clock, which after months is minutes off.
    static let estimatedTolerance = 120 * second
    /// A stamp repeats after a reboot, but not for the same pid and name on one day; a file's time zone may be any.
    static let sameStampTolerance = 36 * 3_600 * second

    static let second = 1_000_000_000

    /// How far apart they are, 0 the nearest; nil if they are two.
    static func distance(_ new: Telling, _ known: Telling) -> Int? {
        guard new.kindClass == known.kindClass, new.identity.processID == known.identity.processID else { return nil }
        guard new.identity.comm == known.identity.comm else { return nil }
        if let boots = differ(new.identity.bootID, known.identity.bootID), boots { return nil }
        if let a = new.identity.sequence, let b = known.identity.sequence, sameBoot(new, known) { return a == b ? 0 : nil }
        let apart = wallDistance(new, known)
        if let a = new.identity.time, let b = known.identity.time {
            let stamps = magnitude(a.microseconds, b.microseconds)
            guard stamps <= stampTolerance else { return nil }
            return sameBoot(new, known) || (apart ?? 0) <= sameStampTolerance ? stamps : nil
        }
        if let apart {
            let isEstimated = new.isEstimated || known.isEstimated
            return apart <= (isEstimated ? estimatedTolerance : wallTolerance) ? apart : nil
        }
        return new.identity.fingerprint == known.identity.fingerprint ? Int.max : nil
    }

    private static func sameBoot(_ a: Telling, _ b: Telling) -> Bool {
        a.identity.bootID != nil && a.identity.bootID == b.identity.bootID
    }

    private static func wallDistance(_ a: Telling, _ b: Telling) -> Int? {
        guard let a = a.killedAt, let b = b.killedAt else { return nil }
        return magnitude(a.unixNanoseconds, b.unixNanoseconds)
    }

    /// nil where one of them is not known.
    private static func differ<T: Equatable>(_ a: T?, _ b: T?) -> Bool? {
        guard let a, let b else { return nil }
        return a != b
    }

    private static func magnitude(_ a: Int, _ b: Int) -> Int {
        let (difference, overflow) = a.subtractingReportingOverflow(b)
        return overflow || difference == .min ? .max : abs(difference)
    }
}

extension EventMatch {
    /// As much of an event as it is recognised by.
    struct Telling {
        let identity: EventIdentity
        let killedAt: Timestamp?
        let isEstimated: Bool
        let kindClass: KindClass

        init(_ record: EventRecord) {
            self.init(record.identity, record.kind, record.killedAt, isEstimated: record.isTimeEstimated)
        }

        init(_ identity: EventIdentity, _ kind: EventKind, _ killedAt: Timestamp?, isEstimated: Bool) {
            self.identity = identity
            self.killedAt = killedAt
            self.isEstimated = isEstimated
            kindClass = KindClass(kind)
        }
    }

    /// One source may have the report of a kill, and another only its last line.
    enum KindClass: Hashable {
        case kernelKill
        case other(EventKind)

        init(_ kind: EventKind) { self = kind.isKernelKill ? .kernelKill : .other(kind) }
    }
}
